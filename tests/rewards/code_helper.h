// Programs against tests in one line. Skips loudly where no isolation can be had.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "rewards/sandbox.h"
#include "tests/rewards/score_helper.h"

namespace hone {

/// Why there is no sandbox here, or "".
inline const std::string& no_sandbox() {
  static std::shared_ptr<Sandbox> sandbox;  // kept, so that each test finds it warm
  static const std::string why = [] {
    try {
      sandbox = Sandbox::shared();
      sandbox->require(SandboxKind::kPython);
      sandbox->require_compiler();
      return std::string();
    } catch (const SandboxError& e) {
      return std::string(e.what());
    }
  }();
  return why;
}

#define HONE_NEEDS_SANDBOX() \
  if (!no_sandbox().empty()) GTEST_SKIP() << "no isolation here: " << no_sandbox()

inline std::string fenced(const std::string& language, const std::string& program) {
  return "Here it is.\n```" + language + "\n" + program + "\n```\n";
}

/// tests: a JSON text.
inline Reward judge_code(const std::string& language, const std::string& program, const std::string& tests,
                         const std::string& options = "") {
  return score("{\"rule\": \"code\"" + (options.empty() ? "" : ", " + options) + "}",
               {fenced(language, program), {{"tests", tests}}});
}

}  // namespace hone
