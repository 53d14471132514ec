// A rule in a shared library (hone_reward_v1.h): loading it, and making its rule. It is tried in a child
// process first, so that a library that crashes, hangs or exits while it is loaded is an error message and
// not the end of the run.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/types.h"
#include "rewards/hone_reward_v1.h"

namespace hone {

class NativeRuleHandle {
 public:
  /// Loads the library and makes its rule. What is wrong with it is an Error with the reason.
  NativeRuleHandle(const std::filesystem::path& library, const Json& options);
  ~NativeRuleHandle();
  NativeRuleHandle(const NativeRuleHandle&) = delete;
  NativeRuleHandle& operator=(const NativeRuleHandle&) = delete;

  int score(const hone_reward_input& input, hone_reward_output& output) const;

 private:
  void* handle_ = nullptr;                   // of dlopen()
  const hone_reward_rule* table_ = nullptr;  // in the library
  void* rule_ = nullptr;                     // the library's
};

/// Does what the constructor above does, in a child process of at most `limit_s` seconds. Why that failed, or
/// "": the reason that the constructor gives, the signal, the exit status. Locks that other threads hold
/// would stay locked in the child, so this is for the time when a recipe is read; were they to keep it
/// waiting, the time limit ends it.
std::string probe_native_rule(const std::filesystem::path& library, const Json& options, double limit_s);

/// A JSON object as the interface shows it; `json` is borrowed. For one call, on one thread.
class NativeObject {
 public:
  explicit NativeObject(const Json& json);
  ~NativeObject();
  NativeObject(const NativeObject&) = delete;
  NativeObject& operator=(const NativeObject&) = delete;
  const hone_reward_object* abi() const { return &abi_; }

 private:
  struct Texts;
  hone_reward_object abi_{};
  std::unique_ptr<Texts> texts_;  // what was asked for and is no string of `json` itself
};

/// Where the library puts its verdict.
struct NativeOutput {
  NativeOutput();
  NativeOutput(const NativeOutput&) = delete;
  NativeOutput& operator=(const NativeOutput&) = delete;
  hone_reward_output abi{};
  std::string detail, message;
};

}  // namespace hone
