#include "cuda_ext/cpu/isa.h"

#include <atomic>
#include <cstdlib>
#include <string>

#include "core/error.h"

namespace hone::cpu {
namespace {

Isa parse(const std::string& name) {
  for (Isa i : {Isa::portable, Isa::avx2, Isa::avx512})
    if (name == to_string(i)) return i;
  throw InputError("HONE_CPU_ISA: got '" + name + "', expected portable, avx2 or avx512");
}

Isa initial() {
  if (const char* wanted = std::getenv("HONE_CPU_ISA")) {
    const Isa i = parse(wanted);
    check_input(isa_available(i), "HONE_CPU_ISA: this CPU has no ", wanted);
    return i;
  }
  for (Isa i : {Isa::avx512, Isa::avx2})
    if (isa_available(i)) return i;
  return Isa::portable;
}

std::atomic<Isa>& current() {
  static std::atomic<Isa> isa{initial()};
  return isa;
}

}  // namespace

Isa isa() { return current().load(std::memory_order_relaxed); }

void force_isa(Isa isa) {
  check(isa_available(isa), "this CPU has no ", to_string(isa));
  current() = isa;
}

bool isa_available(Isa isa) {
  switch (isa) {
    case Isa::portable:
      return true;
    case Isa::avx2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case Isa::avx512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  }
  return false;
}

const char* to_string(Isa isa) {
  switch (isa) {
    case Isa::portable:
      return "portable";
    case Isa::avx2:
      return "avx2";
    case Isa::avx512:
      return "avx512";
  }
  return "?";
}

}  // namespace hone::cpu
