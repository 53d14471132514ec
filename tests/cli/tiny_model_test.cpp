// The folder that the tests of the commands work with, and a test that it is sound.
#include "tests/cli/tiny_model.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/document.h"
#include "model/model_folder.h"
#include "model/tokenizer.h"
#include "model/tokenizer_unicode.h"

namespace hone {

void write_tiny_model(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  Json vocab;
  for (int byte = 0; byte < 256; ++byte) {
    std::string character;
    append_code_point(character, byte_alphabet()[size_t(byte)]);
    vocab[character] = byte;
  }
  const Json byte_level = {
      {"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", true}};
  const Json end = {{"id", 256},       {"content", "<|end|>"}, {"single_word", false}, {"lstrip", false},
                    {"rstrip", false}, {"normalized", false},  {"special", true}};
  std::ofstream(folder / "tokenizer.json")
      << Json{{"version", "1.0"},
              {"truncation", nullptr},
              {"padding", nullptr},
              {"added_tokens", Json::array({end})},
              {"normalizer", nullptr},
              {"pre_tokenizer", byte_level},
              {"post_processor", nullptr},
              {"decoder", byte_level},
              {"model", {{"type", "BPE"}, {"vocab", vocab}, {"merges", Json::array()}}}}
             .dump();
  std::ofstream(folder / "tokenizer_config.json") << R"({"eos_token": "<|end|>"})";
  const Document config =
      parse_document("config.json", R"({"model_type": "qwen3", "vocab_size": 272, "hidden_size": 32,
      "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 16, "intermediate_size": 48,
      "max_position_embeddings": 128, "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "tie_word_embeddings": true,
      "initializer_range": 0.3})");
  const Model model = create_model(config, "", 5);
  save_model(folder, model.config, model.flat, {"float32", {}});
}

namespace {

TEST(TinyModel, LoadsAndCoversItsTokenizer) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "hone_tiny_model";
  write_tiny_model(folder);
  const Model model = load_model(folder);
  const Tokenizer tokenizer = Tokenizer::load(folder);
  EXPECT_EQ(tokenizer.vocab_size(), 257);
  EXPECT_LE(tokenizer.vocab_size(), model.config.vocab_size);
  EXPECT_EQ(tokenizer.stop_ids(), std::vector<TokenId>{256});
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace hone
