// The one parallel loop of this folder, over oneTBB. Its source is compiled without ThreadSanitizer, which cannot see into the
// library, and tells it what happens before what (tests under the preset tsan check what the loops do, not the library).
#pragma once

#include <cstddef>
#include <functional>

namespace hone {

/// body(0) ... body(count - 1) in any order, on the calling thread's with_threads() or else on all cores. What was written before the
/// call is seen by every body, what bodies wrote by whoever comes after. An exception of a body comes out here; others may not have run.
void for_each_index(size_t count, const std::function<void(size_t)>& body);

/// Runs `work`, whose for_each_index() use at most so many threads; 0, or more than there are: all cores.
void with_threads(int threads, const std::function<void()>& work);

}  // namespace hone
