#include "tests/cuda_on_cpu/block.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <sstream>
#include <stdexcept>

#include "tests/cuda_on_cpu/cuda_runtime.h"

namespace cuda_on_cpu {
namespace {

constexpr unsigned kWarp = 32;

std::string where(const Site& s) { return std::string(s.file_name()) + ":" + std::to_string(s.line()); }
bool same(const Site& a, const Site& b) {
  return a.line() == b.line() && a.column() == b.column() &&
         (a.file_name() == b.file_name() || !std::strcmp(a.file_name(), b.file_name()));
}
[[noreturn]] void fail(const std::string& what) { throw std::logic_error("cuda_on_cpu: " + what); }

}  // namespace

Block::Block(const Launch& launch, const std::function<void()>& thread, Stacks& stacks, Order order,
             std::mt19937& random)
    : launch_(launch),
      thread_(thread),
      stacks_(stacks),
      order_(order),
      random_(random),
      threads_(launch.block.x),
      meetings_((launch.block.x + kWarp - 1) / kWarp),
      ready_(launch.block.x),
      shared_(launch.shared) {}

void Block::start(Dim3 place) {
  place_ = place, done_ = 0;
  ready_.set_all();
  std::fill(shared_.begin(), shared_.end(), 0xFF);  // floats: NaN
  for (size_t i = 0; i < threads_.size(); ++i) {
    threads_[i].group_ends.clear();
    threads_[i].fiber.start(stacks_.at(i), &thread_);
  }
}

void Block::Ready::set_all() {
  count_ = size_;
  for (unsigned w = 0; w < words_.size(); ++w) {
    const unsigned left = size_ - 64 * w;
    words_[w] = left >= 64 ? ~uint64_t{0} : (uint64_t{1} << left) - 1;
  }
}

unsigned Block::Ready::first_from(unsigned i) const {
  const size_t n = words_.size();
  uint64_t word = words_[i / 64] & ~uint64_t{0} << i % 64;
  for (size_t w = i / 64;; w = w + 1 == n ? 0 : w + 1, word = words_[w])
    if (word) return unsigned(64 * w) + unsigned(std::countr_zero(word));
}

unsigned Block::Ready::last() const {
  size_t w = words_.size() - 1;
  while (!words_[w]) --w;
  return unsigned(64 * w) + 63 - unsigned(std::countl_zero(words_[w]));
}

unsigned Block::pick() {
  if (order_ == Order::descending) return ready_.last();
  return ready_.first_from(order_ == Order::shuffled ? unsigned(random_() % threads_.size()) : 0);
}

void Block::set_places() const {
  threadIdx = Dim3(running_, 0, 0), blockIdx = place_, blockDim = launch_.block, gridDim = launch_.grid;
}

void Block::run(Dim3 place) {
  start(place);
  while (done_ < threads_.size()) {
    if (ready_.none()) report_stuck();
    running_ = pick();
    set_places();
    Thread& t = threads_[running_];
    t.fiber.resume();
    if (!t.fiber.done()) continue;
    ready_.clear(running_), ++done_;
    if (!t.copies.empty()) fail("a thread ends with asynchronous copies that nothing waited for");
  }
}

void Block::report_stuck() const {
  std::ostringstream text;
  text << "block " << place_.x << ": no thread can go on";
  if (done_) text << "; " << done_ << " of " << threads_.size() << " threads have ended";
  for (size_t i = 0, shown = 0; i < threads_.size() && shown < 4; ++i) {
    const Thread& t = threads_[i];
    if (t.waits == Kind::none ||
        (i > 0 && same(t.site, threads_[i - 1].site) && t.mask == threads_[i - 1].mask))
      continue;
    text << "; thread " << i << " waits at " << where(t.site);
    if (t.waits != Kind::block) text << " for lanes " << std::hex << t.mask << std::dec;
    ++shown;
  }
  fail(text.str());
}

void Block::barrier(const Site& site) {
  Thread& t = threads_[running_];
  t.waits = Kind::block, t.site = site, t.mask = 0;
  ready_.clear(running_), ++at_barrier_;
  if (at_barrier_ == threads_.size()) pass_barrier();
  t.fiber.wait();
}

void Block::pass_barrier() {
  for (const Thread& t : threads_)
    if (!same(t.site, threads_[0].site))
      fail("divergent barrier: threads wait at " + where(threads_[0].site) + " and at " + where(t.site));
  for (Thread& t : threads_) t.waits = Kind::none;
  ready_.set_all(), at_barrier_ = 0;
}

uint64_t Block::warp(Kind kind, unsigned mask, uint64_t value, int from_lane, const Site& site) {
  Thread& t = threads_[running_];
  if (!(mask >> running_ % kWarp & 1)) fail("a lane calls with a mask that it is not in, at " + where(site));
  t.waits = kind, t.site = site, t.mask = mask, t.value = value, t.from_lane = from_lane;
  const unsigned warp = running_ / kWarp;
  if (!meets(t, warp)) {
    ready_.clear(running_);
    t.fiber.wait();
    return t.value;
  }
  exchange(&threads_[warp * kWarp], mask);
  for (unsigned rest = mask; rest; rest &= rest - 1) {
    const unsigned i = warp * kWarp + unsigned(std::countr_zero(rest));
    threads_[i].waits = Kind::none;
    if (i != running_) ready_.set(i);
  }
  t.fiber.wait();  // the order decides who goes on
  return t.value;
}

/// Counts a lane in; whether all lanes of its mask are there now.
bool Block::meets(Thread& t, unsigned warp) {
  const size_t lanes = threads_.size() - warp * kWarp;
  if (lanes < kWarp && t.mask >> lanes) fail("a mask names lanes that are not there, at " + where(t.site));
  std::vector<Meeting>& meetings = meetings_[warp];
  size_t i = 0;
  while (i < meetings.size() &&
         !(meetings[i].kind == t.waits && meetings[i].mask == t.mask && same(meetings[i].site, t.site)))
    ++i;
  if (i == meetings.size()) meetings.push_back({t.waits, t.mask, t.site, 0});
  if (++meetings[i].lanes < std::popcount(t.mask)) return false;
  meetings.erase(meetings.begin() + ptrdiff_t(i));
  return true;
}

void Block::exchange(Thread* lanes, unsigned mask) {
  uint64_t given[kWarp] = {};
  for (unsigned rest = mask; rest; rest &= rest - 1) {
    const unsigned i = unsigned(std::countr_zero(rest));
    given[i] = lanes[i].value;
  }
  for (unsigned rest = mask; rest; rest &= rest - 1) {
    Thread& t = lanes[std::countr_zero(rest)];
    uint64_t bits = 0;
    switch (t.waits) {
      case Kind::shuffle:
        if (t.from_lane < 0 || t.from_lane >= int(kWarp) || !(mask >> t.from_lane & 1))
          fail("a shuffle reads lane " + std::to_string(t.from_lane) + ", which is not in its mask, at " +
               where(t.site));
        t.value = given[t.from_lane];
        break;
      case Kind::ballot:
      case Kind::match:
        for (unsigned other = mask; other; other &= other - 1) {
          const unsigned i = unsigned(std::countr_zero(other));
          const bool in = t.waits == Kind::ballot ? given[i] != 0 : given[i] == given[std::countr_zero(rest)];
          bits |= uint64_t{in} << i;
        }
        t.value = bits;
        break;
      default:
        break;
    }
  }
}

void Block::copy_later(void* to, const void* from, size_t bytes) {
  if (bytes != 4 && bytes != 8 && bytes != 16)
    fail("an asynchronous copy of " + std::to_string(bytes) + " bytes");
  if (uintptr_t(to) % bytes || uintptr_t(from) % bytes) fail("a misaligned asynchronous copy");
  threads_[running_].copies.push_back({to, from, bytes});
}

void Block::commit_copies() {
  Thread& t = threads_[running_];
  t.group_ends.push_back(t.copies.size());
}

void Block::wait_copies(size_t groups_left) {
  Thread& t = threads_[running_];
  if (t.group_ends.size() <= groups_left) return;
  const size_t groups = t.group_ends.size() - groups_left, end = t.group_ends[groups - 1];
  for (size_t i = 0; i < end; ++i) {
    const Copy& c = t.copies[i];
    std::memcpy(c.to, c.from, c.bytes);
  }
  t.copies.erase(t.copies.begin(), t.copies.begin() + ptrdiff_t(end));
  t.group_ends.erase(t.group_ends.begin(), t.group_ends.begin() + ptrdiff_t(groups));
  for (size_t& at : t.group_ends) at -= end;
}

}  // namespace cuda_on_cpu
