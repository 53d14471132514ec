// The one way to run a loop on all cores: oneTBB, with chunk borders that never change a result (each index writes its own
// output, in an order that its operator defines).
#pragma once

#include <cstdint>
#include <functional>

namespace hone {

/// Sets how many threads parallel_for uses (default: all cores). at::set_num_threads(1) is set at the same time.
void set_num_threads(int threads);
int num_threads();

/// Calls f(begin, end) on disjoint ranges that cover [0, n), none shorter than `grain` but the last; runs inline when n <= grain.
void parallel_for(int64_t n, int64_t grain, const std::function<void(int64_t begin, int64_t end)>& f);

}  // namespace hone
