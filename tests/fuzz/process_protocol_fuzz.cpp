// What a judging process may send, cut anywhere: no crash, the same answers for any cut, bounded memory, and every answer either a
// finite value or an error. The first byte is the size of the pieces.
#include <cmath>
#include <cstdlib>

#include "rewards/process_protocol.h"

namespace {

constexpr size_t kMaxLine = 4096;

std::vector<hone::ProcessAnswer> read(std::string_view bytes, size_t piece) {
  hone::AnswerReader reader(kMaxLine);
  std::vector<hone::ProcessAnswer> answers;
  for (size_t at = 0; at < bytes.size(); at += piece) {
    for (hone::ProcessAnswer& answer : reader.feed(bytes.substr(at, piece)))
      answers.push_back(std::move(answer));
    if (reader.kept_bytes() > kMaxLine) std::abort();
  }
  return answers;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto whole = read(bytes, bytes.size() + 1), cut = read(bytes, size_t{data[0]} + 1);
  if (whole.size() != cut.size()) std::abort();
  for (size_t i = 0; i < whole.size(); ++i) {
    const hone::ProcessAnswer &a = whole[i], &b = cut[i];
    if (a.id != b.id || a.malformed != b.malformed || a.reward.error != b.reward.error) std::abort();
    if (!std::isfinite(a.reward.value) || a.reward.value != b.reward.value) std::abort();
    if (a.malformed && a.reward.error.empty()) std::abort();
    if (!a.malformed && !a.id) std::abort();
  }
  return 0;
}
