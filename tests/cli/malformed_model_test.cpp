// What is wrong with a folder's files ends every command that reads them with exit status 2 and the file, before anything is written.
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

#include "core/files.h"
#include "tests/cli/cli_case.h"
#include "tests/cli/tiny_model.h"
#include "tests/core/temp_folder.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

/// A change of one file of a sound folder; what stderr then has to say, the file's name included.
struct Fault {
  std::string file, says;
  std::function<std::string(std::string)> change;
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

Fault replacing(const std::string& file, const std::string& from, const std::string& to, const std::string& says) {
  return {file, says, [=](std::string text) { return replaced(std::move(text), from, to); }};
}

Fault rewriting(const std::string& file, const std::string& text, const std::string& says) {
  return {file, says, [=](const std::string&) { return text; }};
}

const std::vector<Fault>& model_faults() {
  static const std::string config = "config.json", weights = "model.safetensors";
  static const std::vector<Fault> faults{
      rewriting(config, "{\n \"model_type\": }", "config.json:2"),
      rewriting(config, "[]", "config.json"),
      replacing(config, "\"hidden_size\": 32", "\"hidden_size\": \"32\"", "hidden_size"),
      replacing(config, "\"hidden_size\": 32", "\"hidden_size\": -32", "hidden_size"),
      replacing(config, "\"hidden_size\": 32", "\"hiden_size\": 32", "hidden_size"),
      replacing(config, "\"qwen3\"", "\"qwen33\"", "did you mean qwen3?"),
      replacing(config, "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3", "model.layers.2."),
      {weights, "model.safetensors: ", [](std::string s) { return s.substr(0, 5); }},
      {weights, "model.safetensors: ", [](std::string s) { return s.substr(0, 100); }},
      {weights, "model.safetensors: tensor ", [](std::string s) { return s.substr(0, s.size() - 1); }},
      {weights, "model.safetensors: ", [](std::string s) { return s + "x"; }},
      {weights, "model.safetensors: ", [](std::string s) { return s[7] = '\x7f', s; }},
      replacing(weights, "\"F32\"", "\"F99\"", "F99"),
      replacing(weights, "model.norm.weight", "model.norn.weight", "model.norm.weight"),
  };
  return faults;
}

const std::vector<Fault>& text_faults() {
  static const std::string tokenizer = "tokenizer.json", chat = "chat_template.jinja";
  static const std::vector<Fault> faults{
      {tokenizer, "tokenizer.json: not JSON at byte ", [](std::string s) { return s.substr(0, s.size() / 2); }},
      rewriting(tokenizer, "7", "tokenizer.json: got number, expected an object"),
      replacing(tokenizer, "\"BPE\"", "\"BPQ\"", "BPQ"),
      replacing(tokenizer, "\"type\":\"ByteLevel\"", "\"type\":\"ByteLevels\"", "ByteLevels"),
      replacing(tokenizer, "\"merges\":[]", "\"merges\":[[\"a\",\"!!\"]]", "tokenizer.json: model: merges[0]"),
      replacing(tokenizer, "\"version\":\"1.0\"", "\"version\":\"9\"", "version"),
      rewriting("tokenizer_config.json", "{\"eos_token\": \"<|nowhere|>\"}", "tokenizer_config.json: eos_token"),
      rewriting(chat, "a\n  {% if %}", "chat_template.jinja:2:9"),
      rewriting(chat, "{{ messages[0].content.nothing.more }}", "chat_template.jinja:1:"),
      rewriting(chat, "{{ raise_exception('No system role') }}", "No system role"),
      rewriting(chat, "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}", "chat_template.jinja:1:"),
  };
  return faults;
}

class MalformedModel : public testing::Test {
 protected:
  void SetUp() override { write_tiny_model(model_); }

  void expect_refused(const Fault& fault, const std::vector<std::string>& command) {
    const fs::path file = model_ / fault.file;
    const bool existed = fs::exists(file);
    const std::string sound = existed ? read_file(file) : "";
    write_file_atomic(file, fault.change(sound));
    const CliResult result = run(command, "text\n");
    EXPECT_EQ(result.status, kExitBadInput) << fault.file << ", " << fault.says << "\n" << result.err;
    EXPECT_TRUE(contains(result.err, fault.says)) << fault.says << "\n" << result.err;
    EXPECT_TRUE(contains(result.err, fault.file) || contains(result.err, model_.string())) << result.err;
    EXPECT_EQ(result.out, "");
    existed ? write_file_atomic(file, sound) : void(fs::remove(file));
  }

  TempFolder folder_;
  fs::path model_ = folder_.path() / "model";
};

TEST_F(MalformedModel, ConfigAndWeightsAreRefusedByNameAndPlace) {
  for (const Fault& fault : model_faults()) expect_refused(fault, {"sample", model_.string(), "--prompt", "a", "--max-new-tokens", "1"});
}

TEST_F(MalformedModel, TokenizerAndTemplateAreRefusedByNameAndPlace) {
  for (const Fault& fault : text_faults())
    expect_refused(fault, {"sample", model_.string(), "--prompt", "a", "--max-new-tokens", "1", "--chat"});
}

TEST_F(MalformedModel, AnIndexThatDoesNotMatchItsShardsIsRefused) {
  fs::rename(model_ / "model.safetensors", model_ / "model-00001-of-00001.safetensors");
  const std::string file = "model.safetensors.index.json";
  const std::vector<std::string> command{"sample", model_.string(), "--prompt", "a", "--max-new-tokens", "1"};
  for (const auto& [text, says] : std::vector<std::pair<std::string, std::string>>{
           {"{\"weight_map\":", file + ": not JSON at byte 15"},
           {"{}", "weight_map"},
           {"{\"weight_map\": {\"model.norm.weight\": 3}}", "model.norm.weight"},
           {"{\"weight_map\": {\"model.norm.weight\": \"other.safetensors\"}}", "other.safetensors"},
           {"{\"weight_map\": {\"model.norm.weight\": \"../model-00001-of-00001.safetensors\"}}", "../model-00001"},
           {"{\"weight_map\": {\"nothing\": \"model-00001-of-00001.safetensors\"}}", "nothing"},
           {"{\"weight_map\": {\"model.norm.weight\": \"model-00001-of-00001.safetensors\"}}", "does not have tensor"}})
    expect_refused(rewriting(file, text, says), command);
}

TEST_F(MalformedModel, TrainingRefusesBeforeItWritesAnything) {
  const fs::path recipe = folder_.path() / "recipe.json", run_folder = folder_.path() / "run";
  write_file_atomic(recipe, R"({ "name": "tiny", "policy": { "checkpoint": "model" }, "stages": [
    { "name": "zero", "type": "grpo", "dataset": { "task": "countdown" }, "template": "chat", "rewards": [ { "rule": "countdown" } ],
      "num_generations": 2, "prompts_per_step": 1, "max_completion_length": 4, "steps": 1 } ] })");
  for (const auto* faults : {&model_faults(), &text_faults()})
    for (const Fault& fault : *faults) {
      expect_refused(fault, {"train", recipe.string(), "--run-dir", run_folder.string()});
      EXPECT_FALSE(fs::exists(run_folder)) << fault.file << ", " << fault.says;
    }
}

}  // namespace
}  // namespace hone
