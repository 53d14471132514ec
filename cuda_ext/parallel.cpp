#include "cuda_ext/parallel.h"

#include <ATen/Parallel.h>
#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>

#include <memory>

#include "core/error.h"

namespace hone {
namespace {

struct Threads {
  int count = tbb::info::default_concurrency();
  std::unique_ptr<tbb::global_control> control;
  Threads() { at::set_num_threads(1); }
};

Threads& threads() {
  static Threads instance;
  return instance;
}

}  // namespace

void set_num_threads(int count) {
  check(count >= 1, "threads: got ", count, ", expected >= 1");
  Threads& t = threads();
  t.control.reset();
  t.control = std::make_unique<tbb::global_control>(tbb::global_control::max_allowed_parallelism, count);
  t.count = count;
}

int num_threads() { return threads().count; }

void parallel_for(int64_t n, int64_t grain, const std::function<void(int64_t, int64_t)>& f) {
  if (n <= 0) return;
  const int64_t parts = std::min<int64_t>(num_threads() * 4, (n + grain - 1) / std::max<int64_t>(grain, 1));
  if (parts <= 1 || num_threads() == 1) return f(0, n);
  tbb::parallel_for(int64_t{0}, parts, [&](int64_t part) {
    const int64_t begin = n * part / parts, end = n * (part + 1) / parts;
    if (begin < end) f(begin, end);
  });
}

}  // namespace hone
