// Jinja templates, as chat templates use them: what jinja2 3.1 renders in transformers' immutable sandbox, in
// C++. No files, no clock but the one that is given, bounded steps, memory and depth. Not here: template
// inheritance and includes, which need other files, and i18n.
//
//   const JinjaTemplate hello = JinjaTemplate::parse("hello", "{% for n in names %}Hi {{ n }}. {% endfor %}");
//   hello.render({{"names", {"Ada", "Alan"}}}).text;   // "Hi Ada. Hi Alan. "
#pragma once

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "model/jinja_run.h"

namespace hone {

struct JinjaOptions {
  JinjaLimits limits;
  std::chrono::system_clock::time_point now = {};  // what strftime_now() formats, as UTC
};

/// Bytes [begin, end) of the text.
struct JinjaSpan {
  size_t begin = 0, end = 0;
};

struct JinjaRendered {
  std::string text;
  std::vector<JinjaSpan> generated;  // what {% generation %} blocks put out, in order
  /// A block ran inside a macro, a set block or a filter, where its place in the text is not known:
  /// `generated` is not to be trusted.
  bool generation_misplaced = false;
};

class JinjaTemplate {
 public:
  /// `file` stands for the template in messages. What is no template is an InputError with file:line:column.
  static JinjaTemplate parse(const std::string& file, std::string_view source);
  ~JinjaTemplate();
  JinjaTemplate(JinjaTemplate&&) noexcept;
  JinjaTemplate& operator=(JinjaTemplate&&) noexcept;

  /// `context` is an object; its keys are the template's variables. What fails in the template, and what it
  /// refuses by raise_exception(), is an InputError with file:line:column. Calls may come from many threads
  /// at once.
  JinjaRendered render(const nlohmann::ordered_json& context, const JinjaOptions& options = {}) const;

  bool has_generation() const;  // there is a {% generation %} block

 private:
  struct Impl;
  explicit JinjaTemplate(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

}  // namespace hone
