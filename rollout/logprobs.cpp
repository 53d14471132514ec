#include "rollout/logprobs.h"

#include <ATen/ops/empty.h>

#include <cmath>
#include <limits>

#include "core/error.h"
#include "rollout/rows.h"

namespace hone {
namespace {

using at::Tensor;

/// One forward pass over whole sequences, each in pages of its own.
void score_batch(const Decoder& decoder, std::span<const std::vector<TokenId>> sequences, double temperature,
                 std::vector<std::vector<float>>& results) {
  std::vector<Span> spans;
  int32_t pages = 0;
  std::vector<int32_t> rows, targets;  // which row predicts which id
  int32_t row = 0;
  for (const std::vector<TokenId>& ids : sequences) {
    Span span{ids, 0, {}};
    for (size_t i = 0; i < ids.size(); i += ops::kPageSize) span.table.push_back(pages++);
    for (size_t i = 0; i < ids.size(); ++i, ++row)
      if (i + 1 < ids.size()) rows.push_back(row), targets.push_back(ids[i + 1]);
    spans.push_back(std::move(span));
  }
  const auto to_tensor = [](const std::vector<int32_t>& v) {
    Tensor t = at::empty({int64_t(v.size())}, at::kInt);
    std::copy(v.begin(), v.end(), t.data_ptr<int32_t>());
    return t;
  };
  KvPages kv = decoder.allocate_pages(pages);
  const Tensor hidden = decoder.forward(rows_of_spans(spans), kv);
  const ops::TokenScores scores =
      ops::lm_head_logprobs(ops::embedding(hidden, to_tensor(rows)), decoder.packed().head,
                            decoder.config().vocab_size, to_tensor(targets), temperature);
  const Tensor logprobs = scores.logprobs.cpu();
  const float* next = logprobs.data_ptr<float>();
  for (const std::vector<TokenId>& ids : sequences) {
    results.emplace_back(ids.size(), std::numeric_limits<float>::quiet_NaN());
    for (size_t i = 1; i < ids.size(); ++i) results.back()[i] = *next++;
  }
}

}  // namespace

std::vector<std::vector<float>> sequence_logprobs(const Decoder& decoder,
                                                  std::span<const std::vector<TokenId>> sequences,
                                                  double temperature, int64_t max_batched_tokens) {
  const DecoderConfig& c = decoder.config();
  for (size_t s = 0; s < sequences.size(); ++s) {
    check_input(int64_t(sequences[s].size()) <= c.max_positions, "sequence ", s, ": ", sequences[s].size(),
                " tokens exceed the context of ", c.max_positions);
    for (TokenId id : sequences[s])
      check_input(id >= 0 && id < c.vocab_size, "sequence ", s, ": id ", id, " is outside the vocabulary of ",
                  c.vocab_size);
  }
  std::vector<std::vector<float>> results;
  for (size_t begin = 0; begin < sequences.size();) {
    size_t end = begin;
    int64_t rows = 0;
    while (end < sequences.size() &&
           (end == begin || rows + int64_t(sequences[end].size()) <= max_batched_tokens))
      rows += int64_t(sequences[end++].size());
    score_batch(decoder, sequences.subspan(begin, end - begin), temperature, results);
    begin = end;
  }
  return results;
}

}  // namespace hone
