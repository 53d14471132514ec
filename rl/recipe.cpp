#include "rl/recipe.h"

#include <algorithm>
#include <cmath>

#include "core/byte_size.h"
#include "datasets/dataset.h"
#include "datasets/template.h"
#include "rl/run_date.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

/// What every reader of a stage needs.
struct StageReader {
  const Document& document;
  std::string pointer;  // "/stages/0"
  Fields fields;

  std::string at(const std::string& key) const { return pointer + "/" + key; }
};

/// Builds the dataset once to check it; its resolved keys stay in the document as written.
void check_dataset(StageReader& r, const std::string& key) {
  const Dataset dataset(r.fields.child(key));
  if (dataset.size() == 0) throw r.fields.error(key, "the dataset is empty");
}

void check_rewards(StageReader& r) {
  const RewardSet rules(r.fields.children("rewards"));
  if (rules.size() == 0) throw r.fields.error("rewards", "got none, expected at least one rule");
}

TemplateOptions read_template(Fields& f) {
  TemplateOptions o;
  o.name = f.get("template", o.name);
  try {
    if (o.name != "chat") check_template(o.name);
  } catch (const InputError& e) {
    throw f.error("template", e.what());
  }
  o.system_prompt = f.get("system_prompt", o.system_prompt);
  o.variables = f.get("chat_template_kwargs", o.variables);
  if (!o.variables.is_object())
    throw f.error("chat_template_kwargs",
                  concat("got ", o.variables.dump(), ", expected an object of variables"));
  const bool chat = o.name == "chat" || o.name == "plain";
  for (const char* key : {"system_prompt", "chat_template_kwargs"})
    if (!chat && f.has(key) && !f.json()[key].empty())
      throw f.error(key, concat("is for chat templates, but template is \"", o.name, "\": expected chat"));
  return o;
}

std::vector<std::string> read_stop(Fields& f) {
  const auto stop = f.get<std::vector<std::string>>("stop", {});
  for (const std::string& text : stop)
    if (text.empty()) throw f.error("stop", "got an empty text, which would end every completion");
  return stop;
}

SamplingStage read_sampling_stage(StageReader& r) {
  Fields& f = r.fields;
  SamplingStage s;
  if (!f.has("dataset")) throw f.error("dataset", "missing; expected {\"task\": ...} or {\"file\": ...}");
  if (!f.has("rewards")) throw f.error("rewards", "missing; expected a list of rules");
  s.dataset_pointer = r.at("dataset"), s.rewards_pointer = r.at("rewards");
  check_dataset(r, "dataset");
  check_rewards(r);
  s.prompt_template = read_template(f);
  s.num_generations = f.get("num_generations", s.num_generations, at_least(1));
  s.prompts_per_step = f.get("prompts_per_step", s.prompts_per_step, at_least(1));
  s.sampling.max_new_tokens = f.get("max_completion_length", s.sampling.max_new_tokens, at_least(1));
  s.sampling.temperature = f.get("temperature", s.sampling.temperature, at_least(0));
  s.sampling.top_p = f.get("top_p", s.sampling.top_p, Range{0, 1, true});
  s.sampling.top_k = f.get("top_k", s.sampling.top_k, at_least(0));
  s.sampling.min_p = f.get("min_p", s.sampling.min_p, between(0, 1));
  s.sampling.stop_strings = read_stop(f);
  s.reward_errors.on_error =
      parse_on_reward_error(f.one_of("on_reward_error", "drop", {"drop", "zero", "stop"}));
  s.reward_errors.max_fraction =
      f.get("max_reward_error_fraction", s.reward_errors.max_fraction, between(0, 1));
  s.kv_cache_mb = f.get("kv_cache_mb", s.kv_cache_mb, at_least(0));
  s.max_batched_tokens = f.get("max_batched_tokens", s.max_batched_tokens, at_least(1));
  return s;
}

TrainOptions read_train_options(Fields& f, double temperature) {
  TrainOptions t;
  t.micro_batch_tokens = f.get("micro_batch_tokens", t.micro_batch_tokens, at_least(1));
  t.gradient_checkpointing = f.get("gradient_checkpointing", t.gradient_checkpointing);
  t.temperature = temperature;
  t.balance_coefficient = f.get("sequence_balance_coefficient", t.balance_coefficient, at_least(0));
  t.router_bias_speed = f.get("router_bias_speed", t.router_bias_speed, at_least(0));
  return t;
}

/// Log-probabilities under a filtered distribution can't be compared with the trainer's after an update.
void reject_filters(Fields& f, const SamplingOptions& s) {
  if (s.temperature <= 0)
    throw f.error("temperature", concat("got ", s.temperature, ", a grpo stage needs > 0"));
  if (s.top_p != 1)
    throw f.error("top_p",
                  concat("got ", s.top_p, ", a grpo stage samples from the whole distribution: expected 1"));
  if (s.top_k != 0)
    throw f.error("top_k",
                  concat("got ", s.top_k, ", a grpo stage samples from the whole distribution: expected 0"));
  if (s.min_p != 0)
    throw f.error("min_p",
                  concat("got ", s.min_p, ", a grpo stage samples from the whole distribution: expected 0"));
}

AdvantageOptions read_advantage_options(Fields& f) {
  AdvantageOptions o;
  o.scale_rewards =
      parse_scale_rewards(f.one_of("scale_rewards", "group", {"group", "group_population", "none"}));
  const std::vector<std::string> names{"sum_then_normalize", "normalize_then_sum"};
  o.normalize_rules = f.one_of("multi_objective_aggregation", names[0], names) == names[1];
  if (o.normalize_rules && o.scale_rewards == ScaleRewards::kNone)
    throw f.error(
        "scale_rewards",
        "got none, but normalize_then_sum divides by deviations: expected group or group_population");
  return o;
}

GrpoOptions read_grpo(StageReader& r) {
  Fields& f = r.fields;
  GrpoOptions o;
  o.rollout = read_sampling_stage(r);
  reject_filters(f, o.rollout.sampling);
  if (o.rollout.num_generations < 2)
    throw f.error("num_generations",
                  concat("got ", o.rollout.num_generations, ", group advantages need >= 2"));
  o.steps = f.get("steps", o.steps, at_least(1));
  o.loss_type = parse_loss_type(f.one_of("loss_type", "grpo", {"grpo", "dapo", "dr_grpo"}));
  o.loss.epsilon = f.get("epsilon", o.loss.epsilon, above(0));
  o.loss.epsilon_high = f.get("epsilon_high", o.loss.epsilon, above(0));
  o.loss.beta = f.get("beta", o.loss.beta, at_least(0));
  o.advantages = read_advantage_options(f);
  o.reference_refresh_steps = f.get("reference_refresh_steps", o.reference_refresh_steps, at_least(0));
  o.num_minibatches =
      f.get("num_minibatches", o.num_minibatches, between(1, double(o.rollout.prompts_per_step)));
  o.optimizer = parse_optimizer_options(f);
  o.train = read_train_options(f, o.rollout.sampling.temperature);
  return o;
}

SftOptions read_sft(StageReader& r, const std::vector<StageOptions>& earlier) {
  Fields& f = r.fields;
  SftOptions o;
  o.data = f.get<std::string>("data", "");
  if (o.data.empty() == !f.has("dataset"))
    throw f.error("data", "expected either \"data\" (a sample stage) or \"dataset\"");
  if (!o.data.empty()) {
    std::vector<std::string> names;
    for (const StageOptions& s : earlier)
      if (s.type == "sample") names.push_back(s.name);
    if (std::find(names.begin(), names.end(), o.data) == names.end())
      throw f.error("data", concat("got \"", o.data, "\", which is no earlier sample stage",
                                   nearest_name(o.data, names).empty()
                                       ? ""
                                       : "; did you mean " + nearest_name(o.data, names) + "?"));
  } else {
    o.dataset_pointer = r.at("dataset");
    check_dataset(r, "dataset");
  }
  o.prompt_template = read_template(f);
  o.epochs = f.get("epochs", o.epochs, at_least(1));
  o.steps = f.get("steps", o.steps, at_least(0));
  if (o.data.empty() && o.steps == 0)
    throw f.error("steps", "a dataset of demonstrations has no end: expected steps >= 1");
  o.batch_size = f.get("batch_size", o.batch_size, at_least(1));
  o.completion_only = f.get("completion_only", o.completion_only);
  o.assistant_only_loss = f.get("assistant_only_loss", o.assistant_only_loss);
  o.max_length = f.get("max_length", o.max_length, at_least(0));
  o.optimizer = parse_optimizer_options(f);
  o.train = read_train_options(f, 1.0);
  return o;
}

SampleOptions read_sample(StageReader& r) {
  SampleOptions o;
  o.rollout = read_sampling_stage(r);
  o.steps = r.fields.get("steps", o.steps, at_least(1));
  o.per_prompt = r.fields.get("per_prompt", o.per_prompt, at_least(1));
  Fields keep = r.fields.child("keep");
  o.min_reward = keep.get("min_reward", -1e300);
  o.max_repetition = keep.get("max_repetition", 1.0, between(0, 1));
  const RewardSet rules(r.fields.children("rewards"));
  for (const RewardOptions& rule : rules.options())
    if (keep.has(rule.name)) o.min_rule.push_back({rule.name, keep.get(rule.name, 0.0)});
  keep.finish();
  return o;
}

EvalOptions read_eval(Fields fields, const std::string& pointer, const StageReader& stage) {
  StageReader r{stage.document, pointer, std::move(fields)};
  Fields& f = r.fields;
  EvalOptions e;
  e.name = f.get("name", e.name);
  const auto own_or_stage = [&](const std::string& key) -> std::string {
    if (f.has(key)) return r.at(key);
    if (stage.fields.json().contains(key)) return stage.at(key);
    throw f.error(key, "missing here and in the stage");
  };
  e.dataset_pointer = own_or_stage("dataset"), e.rewards_pointer = own_or_stage("rewards");
  if (f.has("dataset")) check_dataset(r, "dataset");
  if (f.has("rewards")) check_rewards(r);
  e.num_problems = f.get("num_problems", e.num_problems, at_least(0));
  e.samples = f.get("samples", e.samples, at_least(1));
  e.temperature = f.get("temperature", e.temperature, at_least(0));
  e.top_p = f.get("top_p", e.top_p, Range{0, 1, true});
  e.max_completion_length = f.get("max_completion_length", e.max_completion_length, at_least(0));
  e.every_steps = f.get("every_steps", e.every_steps, at_least(0));
  e.before = f.get("before", e.before);
  f.finish();
  return e;
}

std::string read_from(Fields& f, const std::vector<StageOptions>& earlier) {
  std::vector<std::string> names{"base"};
  for (const StageOptions& s : earlier) names.push_back(s.name);
  const std::string from = f.get<std::string>("from", earlier.empty() ? "base" : earlier.back().name);
  if (std::find(names.begin(), names.end(), from) == names.end()) {
    const std::string near = nearest_name(from, names);
    throw f.error("from", concat("got \"", from, "\", expected base or an earlier stage",
                                 near.empty() ? "" : "; did you mean " + near + "?"));
  }
  return from;
}

void read_eval_stage(StageReader& r, StageOptions& stage_) {
  stage_.options = std::monostate{};
  if (r.fields.has("dataset")) check_dataset(r, "dataset");
  if (r.fields.has("rewards")) check_rewards(r);
  stage_.prompt_template = read_template(r.fields);
  stage_.stop_strings = read_stop(r.fields);
}

void read_options_of_type(StageReader& r, const std::vector<StageOptions>& earlier, StageOptions& stage_) {
  const auto take = [&](const SamplingStage& rollout) {
    stage_.prompt_template = rollout.prompt_template;
    stage_.stop_strings = rollout.sampling.stop_strings;
  };
  if (stage_.type == "grpo") take(stage_.options.emplace<GrpoOptions>(read_grpo(r)).rollout);
  if (stage_.type == "sample") take(stage_.options.emplace<SampleOptions>(read_sample(r)).rollout);
  if (stage_.type == "sft")
    stage_.prompt_template = stage_.options.emplace<SftOptions>(read_sft(r, earlier)).prompt_template;
  if (stage_.type == "eval") read_eval_stage(r, stage_);
}

StageOptions read_stage(const Document& document, Fields fields, size_t index,
                        const std::vector<StageOptions>& earlier) {
  StageReader r{document, "/stages/" + std::to_string(index), std::move(fields)};
  Fields& f = r.fields;
  StageOptions stage;
  stage.type = f.one_of("type", "", {"grpo", "sft", "sample", "eval"});
  if (stage.type.empty()) throw f.error("type", "missing; expected grpo, sft, sample or eval");
  stage.name = f.get("name", stage.type + "-" + std::to_string(index));
  const bool plain = !stage.name.empty() && stage.name.size() <= 64 && stage.name != "base" &&
                     std::all_of(stage.name.begin(), stage.name.end(),
                                 [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; });
  if (!plain)
    throw f.error("name", "got \"" + stage.name + "\", expected letters, digits, - and _ (and not \"base\")");
  for (const StageOptions& s : earlier)
    if (s.name == stage.name) throw f.error("name", "\"" + stage.name + "\" is the name of an earlier stage");
  stage.from = read_from(f, earlier);
  stage.checkpoint_steps = f.get("checkpoint_steps", stage.checkpoint_steps, at_least(1));
  read_options_of_type(r, earlier, stage);
  if (f.has("eval")) {
    const bool list = f.json()["eval"].is_array();
    const std::vector<Fields> evals = list ? f.children("eval") : std::vector<Fields>{f.child("eval")};
    for (size_t i = 0; i < evals.size(); ++i)
      stage.evals.push_back(read_eval(evals[i], r.at(list ? "eval/" + std::to_string(i) : "eval"), r));
  }
  if (stage.type == "eval" && stage.evals.empty())
    throw f.error("eval", "missing; an eval stage needs what to evaluate");
  f.finish();
  stage.resolved = f.resolved();
  return stage;
}

/// A number of bytes, or a text such as "5GB".
uint64_t read_byte_size(Fields& f, const std::string& key, const std::string& fallback) {
  const Json value = f.get<Json>(key, fallback);
  const auto bytes = value.is_number_unsigned() ? std::optional(value.get<uint64_t>())
                     : value.is_string()        ? parse_byte_size(value.get<std::string>())
                                                : std::nullopt;
  if (!bytes || *bytes == 0) throw f.error(key, "got " + value.dump() + ", expected bytes, such as \"5GB\" or 300000000");
  return *bytes;
}

PolicyOptions read_policy(Fields f) {
  PolicyOptions p;
  p.checkpoint = f.get<std::string>("checkpoint", "");
  p.tokenizer = f.get<std::string>("tokenizer", "");
  p.dtype = f.one_of("dtype", p.dtype, {"float32", "bfloat16"});
  p.save_dtype = f.one_of("save_dtype", p.save_dtype, {"float32", "bfloat16", "float16"});
  p.max_shard_bytes = read_byte_size(f, "max_shard_size", "5GB");
  const bool made = f.has("config");
  if (made) f.get<Json>("config", Json::object()), p.config_pointer = "/policy/config";
  if (made == !p.checkpoint.empty())
    throw f.error("checkpoint",
                  "expected either \"checkpoint\" (a folder; --set policy.checkpoint=FOLDER) or \"config\" "
                  "(new weights)");
  if (made && p.tokenizer.empty())
    throw f.error("tokenizer", "missing; new weights need a folder with tokenizer.json");
  f.finish();
  return p;
}

}  // namespace

fs::path Recipe::find(const std::string& path) const {
  const fs::path p(path);
  return p.is_relative() && fs::exists(folder / p) ? folder / p : p;
}

RewardSet make_rewards(const Document& document, const std::string& pointer) {
  const size_t slash = pointer.rfind('/');
  return RewardSet(Fields(document, pointer.substr(0, slash)).children(pointer.substr(slash + 1)));
}

Recipe parse_recipe(Document document, const fs::path& folder) {
  Recipe recipe;
  recipe.document = std::move(document);
  recipe.folder = folder;
  Fields f(recipe.document);
  (void)f.has("$schema");  // for editors
  recipe.name = f.get<std::string>("name", "run");
  recipe.seed = f.get("seed", recipe.seed);
  recipe.date = f.get("date", recipe.date);
  if (!recipe.date.empty() && !parse_date(recipe.date))
    throw f.error("date", concat("got \"", recipe.date, "\", expected a day such as 2026-11-30"));
  recipe.keep_checkpoints = f.get("keep_checkpoints", recipe.keep_checkpoints, at_least(1));
  if (!f.has("policy")) throw f.error("policy", "missing; expected {\"checkpoint\": FOLDER}");
  recipe.policy = read_policy(f.child("policy"));
  const std::vector<Fields> stages = f.children("stages");
  if (stages.empty()) throw f.error("stages", "got none, expected at least one stage");
  for (size_t i = 0; i < stages.size(); ++i)
    recipe.stages.push_back(read_stage(recipe.document, stages[i], i, recipe.stages));
  f.finish();
  recipe.resolved = f.resolved();
  return recipe;
}

}  // namespace hone
