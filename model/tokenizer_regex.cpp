// Searching with PCRE2, compiled to machine code where the system allows it.
#include "model/tokenizer_regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "core/error.h"
#include "model/tokenizer_unicode.h"

namespace hone {
namespace {

constexpr size_t kMaxPatternBytes = 1 << 14;
constexpr uint32_t kMatchLimit = 20'000'000;  // steps of backtracking in one search

template <auto release>
struct Release {
  template <class T>
  void operator()(T* pointer) const {
    release(pointer);
  }
};
using Code = std::unique_ptr<pcre2_code, Release<pcre2_code_free>>;
using CompileContext = std::unique_ptr<pcre2_compile_context, Release<pcre2_compile_context_free>>;
using MatchContext = std::unique_ptr<pcre2_match_context, Release<pcre2_match_context_free>>;
using MatchData = std::unique_ptr<pcre2_match_data, Release<pcre2_match_data_free>>;
using JitStack = std::unique_ptr<pcre2_jit_stack, Release<pcre2_jit_stack_free>>;

std::string message_of(int code) {
  PCRE2_UCHAR text[256];
  pcre2_get_error_message(code, text, sizeof text);
  return reinterpret_cast<const char*>(text);
}

}  // namespace

struct RegexWorkspace::Impl {
  MatchData data{pcre2_match_data_create(1, nullptr)};
  MatchContext context{pcre2_match_context_create(nullptr)};
  JitStack stack{pcre2_jit_stack_create(32 * 1024, 4 * 1024 * 1024, nullptr)};
};

RegexWorkspace::RegexWorkspace() = default;
RegexWorkspace::~RegexWorkspace() = default;

RegexWorkspace::Impl& RegexWorkspace::get() {
  if (!impl_) {
    impl_ = std::make_unique<Impl>();
    pcre2_set_match_limit(impl_->context.get(), kMatchLimit);
    pcre2_jit_stack_assign(impl_->context.get(), nullptr, impl_->stack.get());
  }
  return *impl_;
}

struct Regex::Impl {
  std::string pattern;
  Code code;
  bool jit = false;
};

Regex::Regex(const std::string& pattern, const std::string& where) : impl_(std::make_unique<Impl>()) {
  check_input(pattern.size() <= kMaxPatternBytes, where, ": regular expression of ", pattern.size(),
              " bytes, the limit is ", kMaxPatternBytes);
  impl_->pattern = pattern;
  const std::string translated = translate_regex(pattern, where);
  const CompileContext context{pcre2_compile_context_create(nullptr)};
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
  pcre2_set_parens_nest_limit(context.get(), 100);
  int code = 0;
  PCRE2_SIZE at = 0;
  impl_->code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(translated.data()), translated.size(),
                                  PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C, &code,
                                  &at, context.get()));
  check_input(impl_->code != nullptr, where, ": regular expression ", pattern, ": ", message_of(code),
              " at byte ", at, " of ", translated);
  impl_->jit = pcre2_jit_compile(impl_->code.get(), PCRE2_JIT_COMPLETE) == 0;
}
Regex::~Regex() = default;
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;

bool Regex::find(std::string_view text, size_t from, RegexWorkspace& workspace, size_t* begin,
                 size_t* end) const {
  const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data());
  RegexWorkspace::Impl& w = workspace.get();
  int code = PCRE2_ERROR_JIT_STACKLIMIT;
  if (impl_->jit)
    code = pcre2_jit_match(impl_->code.get(), subject, text.size(), from, 0, w.data.get(), w.context.get());
  if (code == PCRE2_ERROR_JIT_STACKLIMIT) {  // the interpreter keeps its stack on the heap
    code = pcre2_match(impl_->code.get(), subject, text.size(), from, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT,
                       w.data.get(), w.context.get());
  }
  if (code == PCRE2_ERROR_NOMATCH) return false;
  check(code >= 0, "regular expression ", impl_->pattern, " on a text of ", text.size(),
        " bytes: ", message_of(code));
  const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(w.data.get());
  *begin = offsets[0], *end = offsets[1];
  return true;
}

bool RegexMatches::next(size_t* begin, size_t* end) {
  while (at_ <= text_.size()) {
    if (!regex_.find(text_, at_, workspace_, begin, end)) return false;
    if (*begin != *end || *end != last_end_) {
      at_ = last_end_ = *end;
      return true;
    }
    at_ += at_ < text_.size() ? utf8_length(text_[at_]) : 1;
  }
  return false;
}

}  // namespace hone
