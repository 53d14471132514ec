// Instruction sets of the CPU kernels. Every x.isa.cpp is compiled once for each and specialises its templates on Isa;
// all three give the same bits, so the choice is about speed alone.
#pragma once

#include <type_traits>

namespace hone::cpu {

enum class Isa { portable, avx2, avx512 };

/// The widest that this CPU has, or what HONE_CPU_ISA=portable|avx2|avx512 or force_isa() asked for (an error if the CPU lacks it).
Isa isa();
bool isa_available(Isa isa);
void force_isa(Isa isa);  // for tests and `hone bench`; not while kernels run
const char* to_string(Isa isa);

/// Calls f with std::integral_constant<Isa, ...>: dispatch([&](auto i) { gemm<i>(params); }).
template <class F>
decltype(auto) dispatch(F&& f) {
  switch (isa()) {
    case Isa::avx512:
      return f(std::integral_constant<Isa, Isa::avx512>{});
    case Isa::avx2:
      return f(std::integral_constant<Isa, Isa::avx2>{});
    default:
      return f(std::integral_constant<Isa, Isa::portable>{});
  }
}

}  // namespace hone::cpu
