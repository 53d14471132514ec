#include "rewards/json_schema.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <set>

#include "core/error.h"
#include "core/files.h"
#include "tests/rewards/score_helper.h"

namespace hone {
namespace {

SchemaVerdict check_schema(const std::string& schema, const std::string& value) {
  return JsonSchema(Json::parse(schema)).check(Json::parse(value));
}
bool fits(const std::string& schema, const std::string& value) {
  return check_schema(schema, value).kind == SchemaVerdict::kValid;
}
std::string load_error(const std::string& schema) {
  try {
    JsonSchema{Json::parse(schema)};
    return "";
  } catch (const InputError& e) {
    return e.what();
  }
}

struct Case {
  const char* schema;
  std::vector<const char*> fitting, refused;
};

TEST(JsonSchema, EveryKeywordTellsFittingFromRefused) {
  const Case cases[] = {
      {R"(true)", {"1", "null"}, {}},
      {R"(false)", {}, {"1", "null"}},
      {R"({"type": "integer"})", {"1", "1.0", "-3", "1e3"}, {"1.5", "\"1\"", "null", "[]"}},
      {R"({"type": "number"})", {"1", "1.5"}, {"\"1\"", "true"}},
      {R"({"type": ["string", "null"]})", {"\"\"", "null"}, {"0", "{}"}},
      {R"({"enum": [1, "a", {"b": [2]}]})", {"1.0", "\"a\"", R"({"b":[2.0]})"}, {"2", R"({"b":[2],"c":1})"}},
      {R"({"const": 0})", {"0", "0.0", "-0.0"}, {"false", "null", "1"}},
      {R"({"properties": {"a": {"type": "string"}}})", {"{}", R"({"a":"x","b":1})", "3"}, {R"({"a":1})"}},
      {R"({"required": ["a", "b"]})", {R"({"a":1,"b":null})", "[]"}, {R"({"a":1})", "{}"}},
      {R"({"properties": {"a": {}}, "additionalProperties": false})", {"{}", R"({"a":1})"}, {R"({"b":1})"}},
      {R"({"patternProperties": {"^x": {"type": "null"}}, "additionalProperties": {"type": "number"}})",
       {R"({"x1":null,"y":2})"},
       {R"({"x1":2})", R"({"y":null})"}},
      {R"({"propertyNames": {"maxLength": 2}})", {R"({"ab":1})"}, {R"({"abc":1})"}},
      {R"({"minProperties": 1, "maxProperties": 2})", {R"({"a":1})"}, {"{}", R"({"a":1,"b":1,"c":1})"}},
      {R"({"dependentRequired": {"a": ["b"]}})", {"{}", R"({"a":1,"b":1})"}, {R"({"a":1})"}},
      {R"({"dependentSchemas": {"a": {"required": ["b"]}}})", {R"({"a":1,"b":1})"}, {R"({"a":1})"}},
      {R"({"items": {"type": "integer"}})", {"[]", "[1,2]"}, {"[1,\"2\"]"}},
      {R"({"prefixItems": [{"type": "integer"}], "items": {"type": "string"}})",
       {"[1,\"a\"]", "[1]"},
       {"[\"a\"]", "[1,2]"}},
      {R"({"items": [{"type": "integer"}], "additionalItems": false})", {"[1]", "[]"}, {"[1,2]", "[\"a\"]"}},
      {R"({"contains": {"const": 1}})", {"[1]", "[2,1]"}, {"[]", "[2]"}},
      {R"({"contains": {"const": 1}, "minContains": 2, "maxContains": 3})",
       {"[1,1]", "[1,1,1]"},
       {"[1]", "[1,1,1,1]"}},
      {R"({"minItems": 1, "maxItems": 2})", {"[1]", "[1,2]"}, {"[]", "[1,2,3]"}},
      {R"({"uniqueItems": true})",
       {"[1,2]", "[\"1\",1]", "[[1],[2]]"},
       {"[1,1.0]", R"([{"a":1,"b":2},{"b":2,"a":1}])"}},
      {R"({"minimum": 1, "maximum": 2.5})", {"1", "2.5"}, {"0.999", "2.6", "3"}},
      {R"({"exclusiveMinimum": 1, "exclusiveMaximum": 2})", {"1.5"}, {"1", "2"}},
      {R"({"maximum": 9007199254740993})", {"9007199254740993"}, {"9007199254740994", "9007199254740994.0"}},
      {R"({"multipleOf": 0.1})", {"0.3", "1", "0", "-0.7", "1e300"}, {"0.35", "1e-300"}},
      {R"({"minLength": 2, "maxLength": 3})",
       {"\"ab\"", "\"\u6240\u4EE5\u8BD5\"", "1"},
       {"\"a\"", "\"abcd\"", "\"\u6240\""}},
      {R"({"pattern": "^[a-z]+$"})", {"\"abc\"", "5"}, {"\"aBc\"", "\"\""}},
      {R"({"allOf": [{"minimum": 1}, {"maximum": 2}]})", {"1"}, {"0", "3"}},
      {R"({"anyOf": [{"type": "null"}, {"minimum": 2, "type": "number"}]})", {"null", "2"}, {"1", "\"a\""}},
      {R"({"oneOf": [{"multipleOf": 2}, {"multipleOf": 3}]})", {"2", "3"}, {"6", "5"}},
      {R"({"not": {"type": "string"}})", {"1"}, {"\"a\""}},
      {R"({"if": {"type": "integer"}, "then": {"minimum": 5}, "else": {"type": "string"}})",
       {"5", "\"a\""},
       {"4", "null"}},
      {R"({"$defs": {"p": {"type": "integer"}}, "items": {"$ref": "#/$defs/p"}})", {"[1]"}, {"[\"a\"]"}},
      {R"({"properties": {"next": {"$ref": "#"}}, "required": ["v"]})",
       {R"({"v":1,"next":{"v":2}})"},
       {R"({"v":1,"next":{}})"}},
      {R"({"definitions": {"a/b%": {"const": 1}}, "$ref": "#/definitions/a~1b%25"})", {"1"}, {"2"}},
  };
  for (const Case& one : cases) {
    for (const char* value : one.fitting)
      EXPECT_TRUE(fits(one.schema, value))
          << one.schema << " " << value << ": " << check_schema(one.schema, value).reason;
    for (const char* value : one.refused) {
      const SchemaVerdict verdict = check_schema(one.schema, value);
      EXPECT_EQ(verdict.kind, SchemaVerdict::kInvalid) << one.schema << " " << value;
      EXPECT_NE(verdict.reason, "") << one.schema << " " << value;
    }
  }
}

TEST(JsonSchema, TheReasonHasItsPlace) {
  const std::string schema = R"({"properties": {"a": {"items": {"type": "integer"}}}, "required": ["b"]})";
  EXPECT_EQ(check_schema(schema, R"({"b":1,"a":[1,"x"]})").reason, "/a/1: got string, expected integer");
  EXPECT_EQ(check_schema(schema, R"({"a":[]})").reason, "the value: \"b\" is missing");
}

TEST(JsonSchema, WhatIsNotCheckedIsAnErrorAtLoad) {
  EXPECT_EQ(load_error(R"({"properties": {"a": {"minimun": 1}}})"),
            "schema/properties/a/minimun: a keyword that is not checked; did you mean minimum?");
  for (const char* schema : {R"({"format": "date"})",
                             R"({"unevaluatedProperties": false})",
                             R"({"$anchor": "a"})",
                             R"({"$dynamicRef": "#a"})",
                             R"({"items": {"$id": "x"}})",
                             R"({"contentEncoding": "base64"})",
                             R"({"type": "text"})",
                             R"({"type": []})",
                             R"({"exclusiveMinimum": true})",
                             R"({"minimum": "1"})",
                             R"({"minLength": -1})",
                             R"({"minLength": 1.5})",
                             R"({"multipleOf": 0})",
                             R"({"pattern": "["})",
                             R"({"pattern": "(?=a)b"})",
                             R"({"pattern": 1})",
                             R"({"patternProperties": {"[": {}}})",
                             R"({"required": "a"})",
                             R"({"required": [1]})",
                             R"({"enum": 1})",
                             R"({"anyOf": []})",
                             R"({"anyOf": {}})",
                             R"({"items": 3})",
                             R"({"properties": []})",
                             R"({"additionalItems": false})",
                             R"({"uniqueItems": 1})",
                             R"({"$ref": "other.json"})",
                             R"({"$ref": "#/$defs/none"})",
                             R"({"$ref": "#x"})",
                             R"({"$ref": 1})",
                             R"({"not": "a"})",
                             R"({"dependentRequired": {"a": "b"}})",
                             "3",
                             "[]",
                             "null"})
    EXPECT_NE(load_error(schema), "") << schema;
  EXPECT_EQ(
      load_error(
          R"({"$schema": "x", "$id": "y", "title": "t", "description": "d", "default": 1, "examples": []})"),
      "");
}

TEST(JsonSchema, CirclesThatCanNotBeDecidedAreErrorsAtLoad) {
  EXPECT_NE(load_error(R"({"$ref": "#"})"), "");
  EXPECT_NE(load_error(R"({"anyOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"not": {"$ref": "#"}}}})"), "");
  EXPECT_EQ(load_error(R"({"items": {"$ref": "#"}})"), "");
}

TEST(JsonSchema, WorkIsBoundedBySteps) {
  Json defs = {{"d0", true}};  // doubles at every level
  for (int i = 1; i < 60; ++i) {
    const Json ref = {{"$ref", "#/$defs/d" + std::to_string(i - 1)}};
    defs["d" + std::to_string(i)] = {{"allOf", {ref, ref}}};
  }
  const JsonSchema doubling({{"$defs", defs}, {"$ref", "#/$defs/d59"}});
  EXPECT_EQ(doubling.check(1).kind, SchemaVerdict::kBudgetExceeded);

  Json deep = 1;
  for (int i = 0; i < 255; ++i) deep = Json::array({deep});
  const JsonSchema unique(Json::parse(R"({"uniqueItems": true, "items": {"$ref": "#"}})"));
  EXPECT_EQ(unique.check(deep).kind, SchemaVerdict::kValid);

  Json chain = {{"d0", {{"items", {{"$ref", "#/$defs/d9"}}}}}};
  for (int i = 1; i < 10; ++i)
    chain["d" + std::to_string(i)] = {{"$ref", "#/$defs/d" + std::to_string(i - 1)}};
  const JsonSchema chained({{"$defs", chain}, {"$ref", "#/$defs/d9"}});
  EXPECT_EQ(chained.check(deep).kind, SchemaVerdict::kBudgetExceeded);
}

/// The tests of the JSON Schema organisation: Debian's copy of draft 7, or the folder that HONE_JSON_SCHEMA_SUITE names.
std::filesystem::path suite_folder() {
  const char* other = std::getenv("HONE_JSON_SCHEMA_SUITE");
  return other ? other : "/usr/share/json-schema-test-suite/tests/draft7";
}

TEST(JsonSchemaSuite, EverySchemaThatIsUnderstoodIsDecidedAsTheSuiteSays) {
  // Draft 7 has keywords beside $ref ignored, the drafts since then have them apply. Vocabularies of other metaschemas are not known.
  const std::set<std::string> kExceptions = {
      "ref overrides any sibling keywords",
      "schema that uses custom metaschema with with no validation vocabulary"};
  if (!std::filesystem::exists(suite_folder()))
    GTEST_SKIP() << "needs Debian's json-schema-test-suite: " << suite_folder() << " is missing";
  size_t decided = 0, refused = 0;
  for (const auto& file : std::filesystem::directory_iterator(suite_folder())) {
    if (file.path().extension() != ".json") continue;
    for (const Json& group : Json::parse(read_file(file.path()))) {
      if (kExceptions.contains(group["description"].get<std::string>())) continue;
      std::optional<JsonSchema> schema;
      try {
        schema.emplace(group["schema"]);
      } catch (const InputError&) {
        ++refused;
        continue;
      }
      for (const Json& test : group["tests"]) {
        ++decided;
        const SchemaVerdict verdict = schema->check(test["data"]);
        EXPECT_EQ(verdict.kind == SchemaVerdict::kValid, test["valid"].get<bool>())
            << file.path().filename() << ": " << group["description"] << ": " << test["description"] << ": "
            << verdict.reason;
      }
    }
  }
  std::cout << decided << " values decided, " << refused << " schemas refused\n";
  EXPECT_GE(decided, 390u);
  EXPECT_LE(refused, decided / 4);
}

const std::string kPerson =
    R"("schema": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}, "additionalProperties": false})";
Reward rule(const std::string& completion, const std::string& options = kPerson,
            const Json& row = Json::object()) {
  return score(R"({"rule": "json_schema", )" + options + "}", {completion, row});
}

TEST(JsonSchemaRule, JudgesWhatStandsBehindTheThinking) {
  EXPECT_EQ(rule(R"({"name": "Ann"})").value, 1.0);
  EXPECT_EQ(rule(R"(<think> {1} </think> {"name": "Ann"} <|im_end|>)").value, 1.0);
  EXPECT_EQ(rule(R"({"name": 1})").detail["verdict"], "invalid");
  EXPECT_EQ(rule(R"({"name": 1})").detail["reason"], "/name: got number, expected string");
  EXPECT_EQ(rule(R"(Sure: {"name": "Ann"})").detail["verdict"], "not_json");
  EXPECT_EQ(rule(R"({"name": "Ann"} {})").value, 0.0);
  EXPECT_EQ(rule(R"({"name": "Ann",})").value, 0.0);
  EXPECT_EQ(rule("").value, 0.0);
  EXPECT_EQ(rule(R"({"name": "Ann"})", kPerson + R"(, "value": 0.5, "otherwise": -1)").value, 0.5);
  EXPECT_EQ(rule("x", kPerson + R"(, "value": 0.5, "otherwise": -1)").value, -1.0);
}

TEST(JsonSchemaRule, LooksInTheAnswerOrEverywhereWhenTold) {
  EXPECT_EQ(rule(R"(so <answer>{"name": "Ann"}</answer>)", kPerson + R"(, "in": "answer")").value, 1.0);
  EXPECT_EQ(rule(R"({"name": "Ann"})", kPerson + R"(, "in": "answer")").detail["verdict"], "no_answer");
  EXPECT_EQ(rule(R"(<think> a </think> {"name": "Ann"})", kPerson + R"(, "in": "completion")").value, 0.0);
}

TEST(JsonSchemaRule, AFenceIsAllowedRefusedOrRequired) {
  const std::string bare = R"({"name": "Ann"})", fence = "```json\n" + bare + "\n```";
  EXPECT_EQ(rule(fence).value, 1.0);
  EXPECT_EQ(rule("```" + bare + "```").value, 1.0);
  EXPECT_EQ(rule(fence + fence).value, 0.0);
  EXPECT_EQ(rule(fence, kPerson + R"(, "fence": "refuse")").value, 0.0);
  EXPECT_EQ(rule(bare, kPerson + R"(, "fence": "require")").value, 0.0);
  EXPECT_EQ(rule(fence, kPerson + R"(, "fence": "require")").value, 1.0);
}

TEST(JsonSchemaRule, TheSchemaMayStandInTheRow) {
  const std::string options = R"("schema_field": "shape")";
  EXPECT_EQ(rule("3", options, {{"shape", {{"type", "integer"}}}}).value, 1.0);
  EXPECT_EQ(rule("3", options, {{"shape", R"({"type": "string"})"}}).value, 0.0);
  EXPECT_THROW(rule("3", options), Error);
  EXPECT_THROW(rule("3", options, {{"shape", "{"}}), Error);
  EXPECT_THROW(rule("3", options, {{"shape", {{"typ", "string"}}}}), Error);
}

TEST(JsonSchemaRule, ABadSchemaIsAnErrorWithItsLine) {
  try {
    reward_set("[\n{\"rule\": \"json_schema\",\n\"schema\": {\"typ\": 1}}]");
    FAIL();
  } catch (const InputError& e) {
    EXPECT_EQ(
        std::string(e.what()),
        "test.json:3: rewards[0].schema: schema/typ: a keyword that is not checked; did you mean type?");
  }
}

TEST(JsonSchemaRule, HostileCompletionsAreJudged) {
  EXPECT_EQ(rule(std::string(1000000, '[')).detail["verdict"], "not_json");
  EXPECT_EQ(rule(std::string("\0\xFF{", 3)).detail["verdict"], "not_json");
  EXPECT_EQ(rule("1e999").detail["verdict"], "not_json");
  EXPECT_EQ(rule(std::string(1000000, '9'), R"("schema": {"type": "integer"})").value, 0.0);
}

}  // namespace
}  // namespace hone
