#include "model/jinja.h"

#include "model/jinja_interpreter.h"
#include "model/jinja_parser.h"

namespace hone {

struct JinjaTemplate::Impl {
  JinjaProgram program;
};

JinjaTemplate::JinjaTemplate(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
JinjaTemplate::~JinjaTemplate() = default;
JinjaTemplate::JinjaTemplate(JinjaTemplate&&) noexcept = default;
JinjaTemplate& JinjaTemplate::operator=(JinjaTemplate&&) noexcept = default;

JinjaTemplate JinjaTemplate::parse(const std::string& file, std::string_view source) {
  return JinjaTemplate(std::make_unique<const Impl>(Impl{parse_jinja(file, source)}));
}

JinjaRendered JinjaTemplate::render(const nlohmann::ordered_json& context,
                                    const JinjaOptions& options) const {
  JinjaRun run(impl_->program.file, options.limits, options.now);
  JinjaInterpreter interpreter(impl_->program, run);
  return interpreter.render(context);
}

bool JinjaTemplate::has_generation() const { return impl_->program.has_generation; }

}  // namespace hone
