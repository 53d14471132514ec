// One live sandbox, from the grader's side. Runs one program at a time.
#pragma once

#include "rewards/sandbox_launch.h"

namespace hone {

class SandboxBox {
 public:
  /// As launch_box(): the calling thread must outlive this. SandboxError: why there can be none.
  explicit SandboxBox(SandboxKind kind);
  ~SandboxBox();  // everything in it is dead afterwards
  SandboxBox(const SandboxBox&) = delete;
  SandboxBox& operator=(const SandboxBox&) = delete;

  /// SandboxError if the box failed, Interrupted when asked to stop; it is of no use then.
  SandboxResult run(const SandboxProgram& program, std::string_view input, const SandboxLimits& limits,
                    const std::stop_token& stop = {});

  int landlock_abi() const { return landlock_abi_; }
  int64_t runs() const { return runs_; }

 private:
  void greet(SandboxKind kind);
  std::string last_words() const;
  LaunchedBox box_;
  int landlock_abi_ = 0;
  int64_t runs_ = 0;
};

}  // namespace hone
