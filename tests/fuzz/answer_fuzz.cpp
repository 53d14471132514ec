// Any bytes as a completion: what is found is a trimmed, non-empty piece of it, whatever the sources, and found again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "rewards/answer.h"
#include "rewards/answer_scan.h"
#include "rewards/text.h"

namespace {

using namespace hone;

bool inside(std::string_view part, std::string_view text) {
  return part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size();
}

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const uint8_t choice = data[0];
  Rollout rollout;
  rollout.text.assign(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::string_view text = rollout.text;
  for (const auto scan : {scan_boxes, scan_hashes, scan_phrases, last_latex, last_number}) {
    for (const std::string_view found : scan(text, nullptr))
      require(inside(found, text) && !found.empty() && trim(found) == found);
  }
  AnswerOptions options;
  options.in_reasoning = choice & 1;
  options.take_last = choice & 2;
  if (choice & 4) options.sources = {AnswerSource::kLastLatex, AnswerSource::kLastNumber};
  const Problem problem;
  const std::string_view prompt = choice & 8 ? "Think first. <think>\n" : "Think first.";
  const Extraction first = find_answer({problem, prompt, rollout, {&rollout, 1}}, options);
  const Extraction second = find_answer({problem, prompt, rollout, {&rollout, 1}}, options);
  require(first.answer.has_value() == first.missing.empty() && first.missing == second.missing);
  if (first.answer)
    require(inside(first.answer->text, text) && first.answer->text.data() == second.answer->text.data());
  Json detail;
  describe(first, text, detail);
  require(!detail.dump().empty());  // valid UTF-8, whatever the completion is
  return 0;
}
