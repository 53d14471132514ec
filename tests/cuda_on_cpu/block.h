// The block of a launch that runs: who runs, who waits where, and what a warp exchanges.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "tests/cuda_on_cpu/cuda_on_cpu.h"
#include "tests/cuda_on_cpu/fiber.h"

namespace cuda_on_cpu {

class Block {
 public:
  Block(const Launch& launch, const std::function<void()>& thread, Stacks& stacks, Order order,
        std::mt19937& random);
  /// All threads of the block at `place`, on fresh shared memory. A failure leaves the object as it is.
  void run(Dim3 place);

  // Called by the thread that runs.
  unsigned thread() const { return running_; }
  void* shared_memory() { return shared_.data(); }
  void barrier(const Site& site);
  /// Waits for the other lanes of the mask; returns what exchange() made of all their values.
  enum class Kind { none, block, sync, shuffle, ballot, match };
  uint64_t warp(Kind kind, unsigned mask, uint64_t value, int from_lane, const Site& site);
  void copy_later(void* to, const void* from, size_t bytes);
  void commit_copies();
  void wait_copies(size_t groups_left);

 private:
  struct Copy {
    void* to;
    const void* from;
    size_t bytes;
  };
  struct Thread {
    Fiber fiber;
    Kind waits = Kind::none;
    Site site;
    unsigned mask = 0;
    uint64_t value = 0;  // what it gave, and then what it gets
    int from_lane = 0;
    // Copies that wait: groups end where group_ends says, what is behind the last is not committed yet.
    std::vector<Copy> copies;
    std::vector<size_t> group_ends;
  };

  /// Lanes that have come to one warp function so far.
  struct Meeting {
    Kind kind;
    unsigned mask;
    Site site;
    int lanes;
  };
  /// Threads that can go on, a bit each.
  class Ready {
   public:
    explicit Ready(unsigned n) : words_((n + 63) / 64), size_(n) { set_all(); }
    void set_all();
    void set(unsigned i) { words_[i / 64] |= uint64_t{1} << i % 64, ++count_; }
    void clear(unsigned i) { words_[i / 64] &= ~(uint64_t{1} << i % 64), --count_; }
    bool none() const { return count_ == 0; }
    unsigned first_from(unsigned i) const;  // the first at i or behind it, then from the beginning
    unsigned last() const;

   private:
    std::vector<uint64_t> words_;
    unsigned size_, count_ = 0;
  };

  unsigned pick();
  void set_places() const;
  void pass_barrier();
  bool meets(Thread& t, unsigned warp);
  void exchange(Thread* lanes, unsigned mask);
  [[noreturn]] void report_stuck() const;

  void start(Dim3 place);

  const Launch& launch_;
  const std::function<void()>& thread_;
  Stacks& stacks_;
  Dim3 place_;
  Order order_;
  std::mt19937& random_;
  std::vector<Thread> threads_;
  std::vector<std::vector<Meeting>> meetings_;  // of each warp
  Ready ready_;
  std::vector<unsigned char> shared_;
  size_t done_ = 0, at_barrier_ = 0;
  unsigned running_ = 0;
};

}  // namespace cuda_on_cpu
