#include "rewards/code_call.h"

#include <re2/re2.h>

#include "core/error.h"

namespace hone {
namespace {

// Stands before the program, so that macros of the program can't change it.
constexpr const char* kBefore =
    R"cpp(#include <bits/stdc++.h>
#include <unistd.h>
          namespace hone_call {
          using std::string;
          struct Reader {
            string text;
            size_t at = 0;
            [[noreturn]] void fail(const char* expected) {
              std::cerr << "the call: expected " << expected << " at byte " << at << "\n";
              std::_Exit(2);
            }
            void space() {
              while (at < text.size() && std::isspace(static_cast<unsigned char>(text[at]))) ++at;
            }
            bool take(char c) {
              space();
              if (at >= text.size() || text[at] != c) return false;
              ++at;
              return true;
            }
            void need(char c) {
              const char expected[] = {c, 0};
              if (!take(c)) fail(expected);
            }
            void read(bool& value) {
              space();
              if (text.compare(at, 4, "true") == 0) {
                value = true;
                at += 4;
              } else if (text.compare(at, 5, "false") == 0) {
                value = false;
                at += 5;
              } else
                fail("true or false");
            }
            template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
            void read(T& value) {
              space();
              const auto [end, failed] = std::from_chars(text.data() + at, text.data() + text.size(), value);
              if (failed != std::errc()) fail("a number that fits the argument");
              at = end - text.data();
              if (std::is_integral_v<T> && at < text.size() && std::strchr(".eE", text[at])) fail("an "
                                                                                                  "integer");
            }
            void read(char& value) {
              string one;
              read(one);
              if (one.size() != 1) fail("a string of one character");
              value = one[0];
            }
            void append(string& out, unsigned code) {
              if (code < 0x80) {
                out += char(code);
                return;
              }
              if (code < 0x800) {
                out += char(0xC0 | code >> 6);
              } else if (code < 0x10000) {
                out += char(0xE0 | code >> 12);
                out += char(0x80 | (code >> 6 & 63));
              } else {
                out += char(0xF0 | code >> 18);
                out += char(0x80 | (code >> 12 & 63));
                out += char(0x80 | (code >> 6 & 63));
              }
              out += char(0x80 | (code & 63));
            }
            unsigned hex() {
              unsigned code = 0;
              if (at + 4 > text.size()) fail("four digits");
              std::from_chars(text.data() + at, text.data() + at + 4, code, 16);
              at += 4;
              return code;
            }
            void read(string& value) {
              need('"');
              value.clear();
              while (at < text.size() && text[at] != '"') {
                if (text[at] != '\\') {
                  value += text[at++];
                  continue;
                }
                const char escape = text[++at];
                ++at;
                if (escape == 'u') {
                  unsigned code = hex();
                  if (code >= 0xD800 && code < 0xDC00) {
                    at += 2;
                    code = 0x10000 + ((code & 0x3FF) << 10) + (hex() & 0x3FF);
                  }
                  append(value, code);
                } else {
                  const char* known = std::strchr("b\bf\fn\nr\rt\t", escape);
                  value += known ? known[1] : escape;
                }
              }
              need('"');
            }
            template <class T>
            void read(std::vector<T>& value) {
              need('[');
              value.clear();
              if (take(']')) return;
              do {
                T one{};
                read(one);
                value.push_back(std::move(one));
              } while (take(','));
              need(']');
            }
          };
          inline void write(std::ostream& out, bool value) { out << (value ? "true" : "false"); }
          inline void write(std::ostream& out, const string& value) {
            out << '"';
            for (const unsigned char c : value) {
              if (c == '"' || c == '\\')
                out << '\\' << c;
              else if (c < 0x20) {
                char code[8];
                std::snprintf(code, sizeof code, "\\u%04x", c);
                out << code;
              } else
                out << c;
            }
            out << '"';
          }
          inline void write(std::ostream& out, char value) { write(out, string(1, value)); }
          inline void write(std::ostream& out, const char* value) { write(out, string(value)); }
          template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
          void write(std::ostream& out, T value) {
            if constexpr (std::is_floating_point_v<T>) {
              if (!std::isfinite(value)) {
                std::cerr << "the value is not finite\n";
                std::_Exit(2);
              }
              out << std::setprecision(std::numeric_limits<T>::max_digits10) << value;
            } else {
              out << +value;
            }
          }
          template <class T>
          void write(std::ostream& out, const std::vector<T>& value) {
            out << '[';
            for (size_t i = 0; i < value.size(); ++i) {
              if (i) out << ',';
              write(out, static_cast<T>(value[i]));
            }
            out << ']';
          }
          template <class Return, class... Args, class Call>
          int answer(const Call& call) {
            Reader in;
            in.text.assign(std::istreambuf_iterator<char>(std::cin), {});
            const size_t key = in.text.find("\"args\":");
            if (key == string::npos) in.fail("\"args\"");
            in.at = key + 7;
            std::tuple<std::decay_t<Args>...> args;
            in.need('[');
            std::apply(
                [&](auto&... each) {
                  bool first = true;
                  ((first ? void(first = false) : in.need(','), in.read(each)), ...);
                },
                args);
            in.need(']');
            std::ostringstream out;
            if constexpr (std::is_void_v<Return>) {
              std::apply(call, args);
              out << "null";
            } else
              write(out, static_cast<const std::decay_t<Return>&>(std::apply(call, args)));
            std::cout.flush();
            const string data = out.str();
            for (size_t done = 0; done < data.size();) {
              const ssize_t written = ::write(3, data.data() + done, data.size() - done);
              if (written <= 0) return 2;
              done += size_t(written);
            }
            return 0;
          }
          template <class R, class... A>
          int run(R (*function)(A...)) {
            return answer<R, A...>([=](auto&... args) -> R { return function(static_cast<A>(args)...); });
          }
          template <class C, class R, class... A>
          int run(R (C::*function)(A...)) {
            C object;
            return answer<R, A...>([&](auto&... args) -> R { return (object.*function)(static_cast<A>(args)...); });
          }
          template <class C, class R, class... A>
          int run(R (C::*function)(A...) const) {
            C object;
            return answer<R, A...>([&](auto&... args) -> R { return (object.*function)(static_cast<A>(args)...); });
          }
          }  // namespace hone_call
          using namespace std;
#line 1 "solution.cpp"
)cpp";

}  // namespace

std::string cpp_call_program(std::string_view source, std::string_view function) {
  static const re2::RE2 in_class(R"(\b(?:class|struct)\s+Solution\b)");
  const bool member = re2::RE2::PartialMatch(re2::StringPiece(source.data(), source.size()), in_class);
  // "signed", because programs redefine int.
  return concat(kBefore, source, "\n#line 1 \"call\"\nsigned main() { return hone_call::run(&",
                member ? "Solution::" : "", function, "); }\n");
}

}  // namespace hone
