// What pretraining reads is fixed for ever: the shipped base is reproduced from it bit for bit, and the held-out
// problems must stay held out. A change here is a new base.
#include "core/philox.h"
#include "tests/datasets/helpers.h"

namespace hone {
namespace {

/// Of the prompts and demonstrations of the first draws.
uint64_t hash_of(const std::string& spec) {
  const Dataset dataset = test::dataset(spec);
  uint64_t hash = dataset.size();
  for (uint64_t k = 0; k < 300; ++k) {
    const Example example = dataset.trace(1, k);
    for (const unsigned char c : example.problem.text + example.problem.row.dump()) hash = mix(hash, c);
    for (const Piece& piece : example.pieces)
      for (const unsigned char c : piece.text) hash = mix(hash, uint64_t(c) | uint64_t(piece.trained) << 8);
  }
  return hash;
}

TEST(GoldenDatasets, TracesAreUnchanged) {
  EXPECT_EQ(hash_of(R"({"task": "countdown"})"), 3213834008294090489u);
  EXPECT_EQ(hash_of(R"({"task": "countdown", "split": "held_out"})"), 5243050279794825601u);
  EXPECT_EQ(hash_of(R"({"task": "drills"})"), 17037312793883313017u);
  EXPECT_EQ(hash_of(R"({"task": "chain_sum"})"), 2984681623758527677u);
  EXPECT_EQ(hash_of(R"({"task": "number_sorting"})"), 9510783840276303432u);
  EXPECT_EQ(hash_of(R"({"task": "base_conversion"})"), 12586071514720528803u);
  EXPECT_EQ(hash_of(R"({"task": "parity"})"), 7369988371585249230u);
}

TEST(GoldenDatasets, MixturesAreUnchanged) {
  EXPECT_EQ(hash_of(R"({"mixture": [{"weight": 6, "task": "countdown"}, {"weight": 4, "task": "drills"}]})"),
            12338852784224350780u);
}

TEST(GoldenDatasets, TheFirstTraceReadsLikeThis) {
  const Example example = test::dataset(R"({"task": "countdown", "languages": ["en"]})").trace(1, 0);
  EXPECT_EQ(example.problem.text, "make 11 from 3 5 2 :");
  EXPECT_EQ(test::text_of(example),
            "<think> try 3 + 5 = 8 8 + 2 = 10 no 8 - 2 = 6 no 8 * 2 = 16 no stop</think>"
            "<answer> ( 3 + 5 ) * 2</answer>");
}

}  // namespace
}  // namespace hone
