// Encoding many texts at once.
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "model/tokenizer.h"

namespace hone {

std::vector<std::vector<TokenId>> Tokenizer::encode_batch(std::span<const std::string> texts,
                                                          bool add_special_tokens, int threads) const {
  std::vector<std::vector<TokenId>> out(texts.size());
  tbb::task_arena arena(threads > 0 ? threads : int{tbb::task_arena::automatic});
  arena.execute([&] {
    tbb::parallel_for(tbb::blocked_range<size_t>(0, texts.size()),
                      [&](const tbb::blocked_range<size_t>& range) {
                        for (size_t i = range.begin(); i < range.end(); ++i)
                          out[i] = encode(texts[i], add_special_tokens);
                      });
  });
  return out;
}

}  // namespace hone
