// Jinja: what jinja2 renders in transformers' settings, from recorded answers; errors with their places;
// limits.
#include "model/jinja.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/error.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

using OrderedJson = nlohmann::ordered_json;

std::string render(const std::string& source, const OrderedJson& context = OrderedJson::object(),
                   JinjaOptions options = {}) {
  return JinjaTemplate::parse("t.jinja", source).render(context, options).text;
}

std::string error_of(const std::string& source, const OrderedJson& context = OrderedJson::object(),
                     JinjaOptions options = {}) {
  try {
    return "no error: " + render(source, context, options);
  } catch (const InputError& e) {
    return e.what();
  }
}

TEST(GoldenJinja, SnippetsRenderAsInJinja2) {
  std::ifstream file(source_dir() / "tests/golden/jinja_snippets.jsonl");
  std::string line;
  ASSERT_TRUE(std::getline(file, line));
  const OrderedJson head = OrderedJson::parse(line);
  const JinjaOptions options{.now = std::chrono::system_clock::from_time_t(head["now"])};
  int texts = 0, errors = 0;
  while (std::getline(file, line)) {
    const OrderedJson golden = OrderedJson::parse(line);
    const std::string source = golden["template"];
    if (golden.contains("error")) {
      EXPECT_EQ(error_of(source, head["context"], options).substr(0, 8), "t.jinja:") << source << "\n"
                                                                                     << golden["error"];
      ++errors;
      continue;
    }
    try {
      const JinjaRendered rendered = JinjaTemplate::parse("t.jinja", source).render(head["context"], options);
      EXPECT_EQ(rendered.text, golden["text"].get<std::string>()) << source;
      ASSERT_EQ(rendered.generated.size(), golden["spans"].size()) << source;
      for (size_t i = 0; i < rendered.generated.size(); ++i) {
        EXPECT_EQ(rendered.generated[i].begin, golden["spans"][i][0].get<size_t>()) << source;
        EXPECT_EQ(rendered.generated[i].end, golden["spans"][i][1].get<size_t>()) << source;
      }
    } catch (const InputError& e) {
      ADD_FAILURE() << source << "\n" << e.what();
    }
    ++texts;
  }
  EXPECT_EQ(texts + errors, 479);  // all lines of jinja_snippets.txt
  EXPECT_GT(texts, 200);
  EXPECT_GT(errors, 200);
}

TEST(Jinja, ErrorsSayFileLineColumnAndCause) {
  EXPECT_EQ(error_of("a\n  {{ x.y.z }}", {{"x", OrderedJson::object()}}),
            "t.jinja:2:9: 'dict object' has no attribute 'y'");
  EXPECT_EQ(
      error_of("{% for m in messages %}\n{{ m.role + 1 }}{% endfor %}", {{"messages", {{{"role", "user"}}}}}),
      "t.jinja:2:4: can only concatenate str (not \"int\") to str");
  EXPECT_EQ(error_of("\n\n{{ raise_exception('Roles must alternate') }}"),
            "t.jinja:3:19: Roles must alternate");
  EXPECT_EQ(error_of("{% if x %}\n{{ 1 }}"),
            "t.jinja:2:8: Unexpected end of template. Jinja was looking for the following tags: 'elif' or "
            "'else' or 'endif'. "
            "The innermost block that needs to be closed is 'if'.");
  EXPECT_EQ(error_of("{{ (1 }}"), "t.jinja:1:7: unexpected '}', expected ')'");
}

TEST(Jinja, UnknownNamesComeWithTheNearest) {
  EXPECT_EQ(error_of("{{ 'a'|uper }}"), "t.jinja:1:8: No filter named 'uper' found; did you mean 'upper'?");
  EXPECT_EQ(error_of("{{ 1 is nummber }}"),
            "t.jinja:1:6: No test named 'nummber' found; did you mean 'number'?");
  EXPECT_NE(error_of("{% macros m() %}").find("Did you mean 'macro'?"), std::string::npos);
}

TEST(Jinja, WhatWouldBeWrongIsRefusedRatherThanRendered) {
  EXPECT_NE(error_of("{{ 9223372036854775807 + 1 }}").find("64-bit"), std::string::npos);
  EXPECT_NE(error_of("{{ 2 ** 64 }}").find("64-bit"), std::string::npos);
  EXPECT_NE(error_of("{{ 99999999999999999999 }}").find("64 bits"), std::string::npos);
  EXPECT_NE(error_of("{{ x }}", OrderedJson::parse(R"({"x": 18446744073709551615})")).find("64 bits"),
            std::string::npos);
  EXPECT_NE(error_of("{{ [1]|random }}").find("not supported"), std::string::npos);
  EXPECT_NE(error_of("{{ '\\ud83d' }}").find("surrogate"), std::string::npos);
  EXPECT_NE(error_of("a\xff").find("byte 1: not UTF-8"), std::string::npos);
}

TEST(Jinja, StepsDepthAndSizesAreBounded) {
  const JinjaOptions small{.limits = {.steps = 10'000, .value_bytes = 1 << 20, .output_bytes = 1000}};
  const auto refused = [&](const std::string& source, const std::string& why) {
    EXPECT_NE(error_of(source, OrderedJson::object(), small).find(why), std::string::npos)
        << source << "\n"
        << error_of(source, OrderedJson::object(), small).substr(0, 200);
  };
  refused("{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}", "steps");
  refused("{{ 'x' * 100000000 }}", "bytes of values");
  refused(
      "{% set ns = namespace(s='x' * 100) %}{% for i in range(40) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
      "bytes of values");
  refused("{% for i in range(1000) %}xxxxx{% endfor %}", "bytes of output");
  refused("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "deep");
  refused("{% set ns = namespace(l=[]) %}{% for i in range(300) %}{% set ns.l = [ns.l] %}{% endfor %}",
          "nested");
  refused(
      "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ "
      "ns.l }}",
      "values");
  refused("{{ " + std::string(500, '(') + "1" + std::string(500, ')') + " }}", "deep");
  refused("{{ 'x'.center(999999999999) }}", "bytes of values");
  refused("{% set ns = namespace() %}{% set ns.me = ns %}{{ ns }}", "deep");
}

TEST(Jinja, SpansOfGenerationAreBytesOfTheText) {
  const JinjaRendered rendered =
      JinjaTemplate::parse(
          "t", "\u00e9{% generation %}\u65e5{% endgeneration %}-{% generation %}b{% endgeneration %}")
          .render(OrderedJson::object());
  ASSERT_EQ(rendered.generated.size(), 2u);
  EXPECT_EQ(rendered.text.substr(rendered.generated[0].begin, 3), "\u65e5");
  EXPECT_EQ(rendered.text.substr(rendered.generated[1].begin), "b");
  EXPECT_FALSE(rendered.generation_misplaced);
  EXPECT_TRUE(JinjaTemplate::parse("t", "{% set a %}{% generation %}x{% endgeneration %}{% endset %}{{ a }}")
                  .render(OrderedJson::object())
                  .generation_misplaced);
}

TEST(Jinja, TheClockIsTheCallers) {
  const JinjaOptions options{.now = std::chrono::system_clock::from_time_t(0)};
  EXPECT_EQ(render("{{ strftime_now('%Y-%m-%d') }}", OrderedJson::object(), options), "1970-01-01");
}

}  // namespace
}  // namespace hone
