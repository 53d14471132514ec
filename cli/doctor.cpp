// `hone doctor`: what this machine and this build offer, as one "name: value" a line.
#include <spdlog/version.h>
#include <tbb/info.h>
#include <tbb/version.h>
#include <torch/version.h>

#include <algorithm>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "cli/build_info.h"
#include "cli/commands.h"
#include "core/error.h"
#include "cuda_ext/cpu/isa.h"
#include "cuda_ext/device.h"
#include "cuda_ext/parallel.h"
#include "rewards/sandbox.h"

namespace hone {
namespace {

void line(std::ostream& out, const std::string& name, const std::string& value) {
  out << std::left << std::setw(14) << name + ":" << value << "\n";
}

std::string cpu_features() {
  std::string text;
  for (cpu::Isa isa : {cpu::Isa::avx512, cpu::Isa::avx2, cpu::Isa::portable})
    text += concat(text.empty() ? "" : ", ", cpu::to_string(isa),
                   cpu::isa_available(isa) ? "" : " (not on this CPU)");
  return text;
}

/// Whether the code rule can run programs here, and how; else why not.
std::string code_isolation() {
  std::string text;
  Sandbox sandbox(1);
  for (const char* language : {"python", "cpp"}) {
    text += concat(text.empty() ? "" : "; ", language, " ");
    try {
      const bool python = language == std::string("python");
      const std::string held = sandbox.require(python ? SandboxKind::kPython : SandboxKind::kNative);
      if (!python) sandbox.require_compiler();
      text += "on: " + held;
    } catch (const SandboxError& e) {
      text += concat("off: ", e.what());
    }
  }
  return text;
}

}  // namespace

int run_doctor(Console console) {
  std::ostream& out = console.out;
  line(out, "hone", build_version());
  line(out, "compiler", concat(__VERSION__, ", C++", __cplusplus / 100 % 100));
  line(out, "LibTorch", TORCH_VERSION);
  line(out, "oneTBB", TBB_runtime_version());
  line(out, "spdlog", concat(SPDLOG_VER_MAJOR, ".", SPDLOG_VER_MINOR, ".", SPDLOG_VER_PATCH));
  line(out, "json",
       concat(NLOHMANN_JSON_VERSION_MAJOR, ".", NLOHMANN_JSON_VERSION_MINOR, ".",
              NLOHMANN_JSON_VERSION_PATCH));
  line(out, "CPU", concat(cpu_name(), ", ", tbb::info::default_concurrency(), " threads usable"));
  line(out, "memory",
       concat(proc_value("/proc/meminfo", "MemTotal"), ", ", proc_value("/proc/meminfo", "MemAvailable"),
              " available"));
  line(out, "kernels", concat(cpu_features(), "; in use: ", cpu::to_string(cpu::isa())));
  const GpuReport gpu = find_gpu();
  line(out, "GPUs", gpu.name.empty() ? "none" : gpu.name);
  line(out, "float32", "on");
  line(out, "exact", "on: sampler and trainer agree bit for bit, on every instruction set");
  line(out, "cuda", gpu.why_not.empty() ? "on: --device cuda, the CPU's bits" : "off: " + gpu.why_not);
  line(out, "code", code_isolation());
  line(out, "many ranks", "off: one process trains a policy");
  return 0;
}

}  // namespace hone
