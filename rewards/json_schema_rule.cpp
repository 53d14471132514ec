// The `json_schema` rule: the completion, or the answer in it, is JSON that fits a schema of the recipe or of the row.
//   {"rule": "json_schema", "schema": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}}
#include <optional>

#include "core/document.h"
#include "rewards/answer.h"
#include "rewards/json_schema.h"
#include "rewards/rules.h"
#include "rewards/text.h"

namespace hone {
namespace {

struct JsonSchemaOptions {
  std::optional<JsonSchema> schema;     // for all rows; else each row has its own
  std::string schema_field = "schema";  // of the row: an object, or its JSON text
  std::string in = "final";             // "final" (after the thinking), "completion", "answer"
  std::string fence = "allow";          // ```json .. ``` around it: "allow", "refuse", "require"
  double value = 1.0, otherwise = 0.0;
  AnswerOptions answer;
};

/// The content of one fenced block that is the whole text; nothing if it is none.
std::optional<std::string_view> fenced(std::string_view text) {
  constexpr std::string_view kFence = "```";
  if (text.size() < 2 * kFence.size() || !text.starts_with(kFence) || !text.ends_with(kFence))
    return std::nullopt;
  text = text.substr(kFence.size(), text.size() - 2 * kFence.size());
  if (text.starts_with("json") || text.starts_with("JSON")) text.remove_prefix(4);
  return trim(text);
}

class JsonSchemaRule : public Rule {
 public:
  explicit JsonSchemaRule(JsonSchemaOptions options) : options_(std::move(options)) {}

  Reward score(const RuleInput& input) const override {
    Reward reward{options_.otherwise, Json::object()};
    std::optional<std::string_view> text = subject(input, reward.detail);
    if (!text) return verdict(reward, "no_answer", "");
    const std::optional<std::string_view> inner = fenced(trim(*text));
    if (inner && options_.fence == "refuse") return verdict(reward, "not_json", "it stands between ```");
    if (!inner && options_.fence == "require")
      return verdict(reward, "not_json", "it does not stand between ```");
    const std::optional<Json> value = parse_value(inner.value_or(*text));
    if (!value) return verdict(reward, "not_json", "");
    const SchemaVerdict result =
        options_.schema ? options_.schema->check(*value) : schema_of(input.problem.row).check(*value);
    if (result.kind == SchemaVerdict::kBudgetExceeded)
      return verdict(reward, to_string(Verdict::kBudgetExceeded), result.reason);
    if (result.kind == SchemaVerdict::kInvalid) return verdict(reward, "invalid", result.reason);
    reward.value = options_.value;
    return verdict(reward, "valid", "");
  }

  void check_row(const Json& row) const override {
    if (!options_.schema) (void)schema_of(row);
  }

 private:
  static Reward& verdict(Reward& reward_, const char* name, const std::string& reason) {
    reward_.detail["verdict"] = name;
    if (!reason.empty()) reward_.detail["reason"] = reason;
    return reward_;
  }

  std::optional<std::string_view> subject(const RuleInput& input, Json& detail_) const {
    if (options_.in == "answer") {
      const Extraction found = find_answer(input, options_.answer);
      describe(found, input.rollout.text, detail_);
      if (!found.answer) return std::nullopt;
      return found.answer->text;
    }
    std::string_view text = input.rollout.text;
    if (options_.in == "final") text = split_reasoning(text, input.prompt, options_.answer.tags).final;
    return without_end(text, end_texts());
  }

  JsonSchema schema_of(const Json& row) const {
    const auto schema = row.find(options_.schema_field);
    check_input(schema != row.end() && !schema->is_null(),
                "json_schema: neither the rule has a \"schema\" nor the row a \"", options_.schema_field,
                "\"");
    if (!schema->is_string()) return JsonSchema(*schema);
    const std::optional<Json> parsed = parse_value(schema->get_ref<const std::string&>());
    check_input(parsed.has_value(), "json_schema: the row's \"", options_.schema_field,
                "\" is a text that is not JSON");
    return JsonSchema(*parsed);
  }

  JsonSchemaOptions options_;
};

}  // namespace

std::unique_ptr<Rule> make_json_schema_rule(Fields fields) {
  JsonSchemaOptions options;
  if (fields.has("schema")) {
    try {
      options.schema.emplace(fields.require<Json>("schema"));
    } catch (const InputError& e) {  // only adds file and line
      throw fields.error("schema", e.what());
    }
  }
  options.schema_field = fields.get("schema_field", options.schema_field);
  options.in = fields.one_of("in", options.in, {"final", "completion", "answer"});
  options.fence = fields.one_of("fence", options.fence, {"allow", "refuse", "require"});
  options.value = fields.get("value", options.value);
  options.otherwise = fields.get("otherwise", options.otherwise);
  options.answer = AnswerOptions::read(fields);
  return std::make_unique<JsonSchemaRule>(std::move(options));
}

}  // namespace hone
