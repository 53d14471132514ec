#include "rewards/for_each_index.h"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>

#ifdef HONE_THREAD_SANITIZER  // this file is not instrumented, so __SANITIZE_THREAD__ is not set
#include <sanitizer/tsan_interface.h>
#endif

namespace hone {
namespace {

/// A point that what comes before in one thread passes to what comes after in others.
class Handover {
 public:
  void give() {
#ifdef HONE_THREAD_SANITIZER
    __tsan_release(&place_);
#endif
  }
  void take() {
#ifdef HONE_THREAD_SANITIZER
    __tsan_acquire(&place_);
#endif
  }

 private:
  [[maybe_unused]] char place_ = 0;
};

}  // namespace

void for_each_index(size_t count, const std::function<void(size_t)>& body) {
  if (count == 0) return;
  if (count == 1) return body(0);
  Handover begin, end;
  begin.give();
  try {
    tbb::parallel_for(size_t{0}, count, [&](size_t i) {
      begin.take();
      try {
        body(i);
      } catch (...) {
        end.give();
        throw;
      }
      end.give();
    });
  } catch (...) {
    end.take();
    throw;
  }
  end.take();
}

void with_threads(int threads, const std::function<void()>& work) {
  const int cores = tbb::this_task_arena::max_concurrency();  // more threads than these only wait
  tbb::task_arena arena(threads > 0 ? std::min(threads, cores) : cores);
  Handover begin, end;
  begin.give();
  arena.execute([&] {  // may be another thread than the caller's
    begin.take();
    work();
    end.give();
  });
  end.take();
}

}  // namespace hone
