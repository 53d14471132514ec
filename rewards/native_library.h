// A rule in a shared library (hone_reward_v1.h): loading it, and making its rule. It is tried in another process first
// (native_probe.h).
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
