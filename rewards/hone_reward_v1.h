/* A reward rule of your own for hone, in C++ or C. This header is all that it needs:
 *
 *     g++ -shared -fPIC -std=c++17 -I PATH my_rule.cpp -o my_rule.so      PATH: the folder of this file
 *     {"rule": "native", "library": "my_rule.so", "options": {...}}       in the recipe
 *
 *     #include "hone_reward_v1.h"
 *     struct Short {
 *       explicit Short(const hone_reward::Object& options) : limit(options.number("limit", 100)) {}
 *       hone_reward::Verdict score(const hone_reward::Input& input) const {
 *         return input.completion().text.size() <= limit ? 1.0 : 0.0;
 *       }
 *       double limit;
 *     };
 *     HONE_REWARD_RULE(Short)
 *
 * In C, fill in a hone_reward_rule and return it from hone_reward_v1(), as the second half of this file does.
 *
 * Threads: create() and destroy() are called by one thread; score() by many at once on the same rule, which
 * must therefore be read only, or lock. The same completion must get the same value on any thread, in any
 * order: then a run can be repeated bit for bit.
 *
 * Lifetime: everything that hone hands over is valid until the function that got it returns.
 *
 * Versions: each struct begins with its size as its maker was compiled. Later versions add fields at the end
 * only; a field is there if it lies within struct_size. What is incompatible gets another header and another
 * entry point, hone_reward_v2.
 *
 * Crashes: the library runs inside hone, and a crash in score() is a crash of the run. A judge that may crash
 * is better a process: {"rule": "process", ...}. */
#ifndef HONE_REWARD_V1_H
#define HONE_REWARD_V1_H

#include <stddef.h>
#include <stdint.h>

#define HONE_REWARD_VERSION 1

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes, not ended by 0. Usually UTF-8, but a policy may sample anything: a completion can hold broken UTF-8
 * and 0 bytes. */
typedef struct hone_reward_text {
  const char* data;
  size_t size;
} hone_reward_text;

/* A JSON object that hone holds. */
typedef struct hone_reward_object {
  size_t struct_size;
  const void* context; /* hone's */
  /* All of it, as JSON. */
  hone_reward_text (*json)(const struct hone_reward_object* object);
  /* The field at "name" or "outer.inner": a string's characters, anything else as JSON. 1 if it is there and
   * not null, else 0. */
  int (*field)(const struct hone_reward_object* object, const char* path, hone_reward_text* value);
} hone_reward_object;

enum { HONE_REWARD_STOP = 0, HONE_REWARD_LENGTH = 1, HONE_REWARD_CANCELLED = 2 };

typedef struct hone_reward_completion {
  size_t struct_size;
  hone_reward_text text;    /* without the stop token */
  const int32_t* token_ids; /* [num_tokens] with the stop token, if one ended it */
  size_t num_tokens;        /* 0 where hone has the text alone, as in `hone score` without "ids" */
  int32_t finish_reason;    /* HONE_REWARD_STOP, ..._LENGTH: it ran into the token limit, ..._CANCELLED */
} hone_reward_completion;

/* What an earlier rule of the recipe's list gave to the same completion. */
typedef struct hone_reward_earlier {
  size_t struct_size;
  hone_reward_text name;
  double value; /* before its weight */
} hone_reward_earlier;

typedef struct hone_reward_input {
  size_t struct_size;
  uint64_t problem;                           /* its number in the dataset */
  hone_reward_text prompt;                    /* as the model saw it, template and all */
  const hone_reward_object* row;              /* the dataset's row: "answer", ... */
  const hone_reward_completion* const* group; /* [group_size] all completions of the prompt */
  size_t group_size;
  size_t index;                              /* group[index] is the one to be judged */
  const hone_reward_earlier* const* earlier; /* [num_earlier] */
  size_t num_earlier;
  const void* context; /* hone's */
  /* 1 once the user has asked to stop: what score() returns then is of no use to anybody. A rule that takes
   * seconds should look now and then, and return. */
  int (*stop_requested)(const struct hone_reward_input* input);
} hone_reward_input;

/* Where a verdict goes. The functions copy what they are given. */
typedef struct hone_reward_output {
  size_t struct_size;
  void* context; /* hone's */
  double value;  /* 0 at first; must be finite */
  /* Why, as JSON: for the records. */
  void (*set_detail)(struct hone_reward_output* output, const char* json, size_t size);
  /* The reason of the two failures below, and of a create() that returns NULL. */
  void (*set_message)(struct hone_reward_output* output, const char* text, size_t size);
} hone_reward_output;

enum {
  HONE_REWARD_OK = 0,
  /* None could be had, through no fault of the completion. The recipe says what becomes of it. */
  HONE_REWARD_NO_VERDICT = 1,
  /* The rule or the row is broken: the run stops with the message. */
  HONE_REWARD_FAILED = 2
};

typedef struct hone_reward_rule {
  size_t struct_size; /* sizeof(hone_reward_rule) */
  uint32_t version;   /* HONE_REWARD_VERSION */
  /* The rule, once for each mention in a recipe, or NULL: then output's message says why. */
  void* (*create)(const hone_reward_object* options, hone_reward_output* output);
  /* Judges input->group[input->index]. Returns HONE_REWARD_OK, ..._NO_VERDICT or ..._FAILED. No C++ exception
   * may leave it. */
  int (*score)(const void* rule, const hone_reward_input* input, hone_reward_output* output);
  void (*destroy)(void* rule);
} hone_reward_rule;

/* The one symbol of the library. What it returns must live as long as the library. */
const hone_reward_rule* hone_reward_v1(void);

#ifdef __cplusplus
} /* extern "C" */

#include <cstdlib>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

/* The same in C++17. It is compiled into the library and catches what is thrown there: no exception crosses
 * to hone. */
namespace hone_reward {

/// Throw this where no verdict can be had, through no fault of the completion. Anything else that is thrown
/// stops the run.
class NoVerdict : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

inline std::string_view view(hone_reward_text text) { return {text.data, text.size}; }

/// The row, or the rule's options.
class Object {
 public:
  explicit Object(const hone_reward_object* object) : object_(object) {}

  std::string_view json() const { return view(object_->json(object_)); }
  /// The field at "name" or "outer.inner": a string's characters, anything else as JSON.
  std::optional<std::string_view> get(const std::string& path) const {
    hone_reward_text value{};
    if (!object_->field(object_, path.c_str(), &value)) return std::nullopt;
    return view(value);
  }
  std::string_view require(const std::string& path) const {
    if (const auto value = get(path)) return *value;
    throw std::runtime_error("\"" + path + "\" is missing");
  }
  double number(const std::string& path) const { return to_number(path, require(path)); }
  double number(const std::string& path, double fallback) const {
    const auto value = get(path);
    return value ? to_number(path, *value) : fallback;
  }

 private:
  static double to_number(const std::string& path, std::string_view value) {
    const std::string text(value);
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    if (text.empty() || *end) throw std::runtime_error("\"" + path + "\" is " + text + ", expected a number");
    return number;
  }
  const hone_reward_object* object_;
};

struct Completion {
  std::string_view text;
  const int32_t* token_ids;
  size_t num_tokens;
  int32_t finish_reason;
};

class Input {
 public:
  explicit Input(const hone_reward_input* input) : input_(input) {}
  uint64_t problem() const { return input_->problem; }
  std::string_view prompt() const { return view(input_->prompt); }
  Object row() const { return Object(input_->row); }
  /// The one to be judged.
  Completion completion() const { return member(index()); }
  /// All completions of the prompt; member(index()) is the one to be judged.
  size_t group_size() const { return input_->group_size; }
  size_t index() const { return input_->index; }
  Completion member(size_t i) const {
    const hone_reward_completion& c = *input_->group[i];
    return {view(c.text), c.token_ids, c.num_tokens, c.finish_reason};
  }
  /// What an earlier rule of the list gave to this completion, if there is one of that name.
  std::optional<double> earlier(std::string_view name) const {
    for (size_t i = 0; i < input_->num_earlier; ++i) {
      if (view(input_->earlier[i]->name) == name) return input_->earlier[i]->value;
    }
    return std::nullopt;
  }
  /// Whether the user has asked to stop: then throw or return whatever is quickest. For rules that take seconds.
  bool stop_requested() const {
    constexpr size_t kEnd = offsetof(hone_reward_input, stop_requested) + sizeof(input_->stop_requested);
    return input_->struct_size >= kEnd && input_->stop_requested(input_);
  }

 private:
  const hone_reward_input* input_;
};

struct Verdict {
  Verdict(double v) : value(v) {}  // NOLINT: return 1.0;
  Verdict(double v, std::string json)
      : value(v), detail_json(std::move(json)) {}  // return {1.0, R"({"why": "so"})"};
  double value;
  std::string detail_json;
};

/// The table of a class with Rule(const Object& options) and Verdict score(const Input&) const.
template <class Rule>
const hone_reward_rule* table() {
  static const hone_reward_rule rule = {
      sizeof(hone_reward_rule), HONE_REWARD_VERSION,
      [](const hone_reward_object* options, hone_reward_output* output) -> void* {
        const auto say = [&](std::string_view text) {
          output->set_message(output, text.data(), text.size());
        };
        try {
          return new Rule(Object(options));
        } catch (const std::exception& e) {
          say(e.what());
        } catch (...) {
          say("threw something that is no std::exception");
        }
        return nullptr;
      },
      [](const void* self, const hone_reward_input* input, hone_reward_output* output) -> int {
        const auto say = [&](std::string_view text) {
          output->set_message(output, text.data(), text.size());
        };
        try {
          const Verdict verdict = static_cast<const Rule*>(self)->score(Input(input));
          output->value = verdict.value;
          if (!verdict.detail_json.empty())
            output->set_detail(output, verdict.detail_json.data(), verdict.detail_json.size());
          return HONE_REWARD_OK;
        } catch (const NoVerdict& e) {
          say(e.what());
          return HONE_REWARD_NO_VERDICT;
        } catch (const std::exception& e) {
          say(e.what());
        } catch (...) {
          say("threw something that is no std::exception");
        }
        return HONE_REWARD_FAILED;
      },
      [](void* self) { delete static_cast<Rule*>(self); }};
  return &rule;
}

}  // namespace hone_reward

/* Once in a library, at namespace scope: makes the class its rule. */
#define HONE_REWARD_RULE(Rule)                                                                     \
  extern "C" __attribute__((visibility("default"))) const hone_reward_rule* hone_reward_v1(void) { \
    return hone_reward::table<Rule>();                                                             \
  }

#endif /* __cplusplus */
#endif /* HONE_REWARD_V1_H */
