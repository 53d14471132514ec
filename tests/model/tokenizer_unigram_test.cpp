// Unigram: the best of all ways to write a piece, against trying them all.
#include "model/tokenizer_unigram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/philox.h"
#include "model/tokenizer.h"

namespace hone {
namespace {

using Json = nlohmann::json;

struct Vocabulary {
  std::vector<std::string> tokens;
  std::vector<double> scores;

  std::string file(const Json& unknown) const {
    Json vocab = Json::array();
    for (size_t i = 0; i < tokens.size(); ++i) vocab.push_back({tokens[i], scores[i]});
    return Json{{"model", {{"type", "Unigram"}, {"unk_id", unknown}, {"vocab", vocab}}}}.dump();
  }

  /// The highest sum of scores over all ways to write `text`.
  double best(const std::string& text) const {
    if (text.empty()) return 0;
    double out = -std::numeric_limits<double>::infinity();
    for (size_t i = 0; i < tokens.size(); ++i)
      if (text.starts_with(tokens[i])) out = std::max(out, scores[i] + best(text.substr(tokens[i].size())));
    return out;
  }
};

TEST(Unigram, FindsTheBestOfAllWaysToWriteAPiece) {
  PhiloxStream random(3);
  for (int round = 0; round < 50; ++round) {
    Vocabulary v{{"a", "b", "c"}, {-1.5, -2.0, -2.5}};
    for (int i = 0; i < 12; ++i) {
      std::string token;
      for (size_t k = 2 + random.below(3); k > 0; --k) token += "abc"[random.below(3)];
      if (std::find(v.tokens.begin(), v.tokens.end(), token) != v.tokens.end()) continue;
      v.tokens.push_back(token);
      v.scores.push_back(-double(1 + random.below(4000)) / 512);  // sums are exact
    }
    const Tokenizer tokenizer = Tokenizer::from_json(v.file(nullptr));
    for (int i = 0; i < 20; ++i) {
      std::string text;
      for (size_t k = 1 + random.below(12); k > 0; --k) text += "abc"[random.below(3)];
      double sum = 0;
      std::string written;
      for (const TokenId id : tokenizer.encode(text, false))
        sum += v.scores[size_t(id)], written += v.tokens[size_t(id)];
      EXPECT_EQ(written, text);
      EXPECT_EQ(sum, v.best(text)) << text;
    }
  }
}

TEST(Unigram, RunsOfUnknownCharactersAreOneTokenOrBytesAndNeedAnId) {
  Vocabulary v{{"<unk>", "a", "b"}, {0, -1, -2}};
  EXPECT_EQ(Tokenizer::from_json(v.file(0)).encode("axyzb~", false), (std::vector<TokenId>{1, 0, 2, 0}));
  EXPECT_THROW(Tokenizer::from_json(v.file(nullptr)).encode("axb", false), Error);
  Json bytes = Json::parse(v.file(0));
  bytes["model"]["byte_fallback"] = true;
  EXPECT_EQ(Tokenizer::from_json(bytes.dump()).encode("xa", false), (std::vector<TokenId>{0, 1}))
      << "no bytes there";
  for (const char* byte : {"<0x78>", "<0xC3>", "<0xA9>"}) bytes["model"]["vocab"].push_back({byte, -30});
  EXPECT_EQ(Tokenizer::from_json(bytes.dump())
                .encode("x\xC3\xA9"
                        "a",
                        false),
            (std::vector<TokenId>{3, 4, 5, 1}));
}

TEST(Unigram, ScoresAreReadAsThePeerReadsThem) {
  EXPECT_EQ(as_read_by_peer(-3.4958908557891846), -3.495890855789185) << "recorded from tokenizers 0.23.3";
  for (const double value : {0.0, -1.0, -0.25, 1e300, 5e-324, -12.345678901234567, 123456.75})
    EXPECT_NEAR(as_read_by_peer(value), value, std::abs(value) * 4e-16) << value;
}

TEST(Unigram, WhatIsWrongWithItIsNamed) {
  const auto error_of = [](const std::string& model) -> std::string {
    try {
      Tokenizer::from_json(R"({"model": {"type": "Unigram", )" + model + "}}", "t.json");
    } catch (const InputError& e) {
      return e.what();
    }
    return "no error";
  };
  EXPECT_EQ(error_of(R"("vocab": 5)"), "t.json: model: vocab: expected an array of [token, score]");
  EXPECT_EQ(error_of(R"("vocab": [["a", -1], ["b", "c"]])"),
            R"(t.json: model: vocab[1]: got ["b","c"], expected [token, score])");
  EXPECT_EQ(error_of(R"("unk_id": 7, "vocab": [["a", -1], ["b", -2]])"),
            "t.json: model: unk_id: got 7, the vocabulary has 2");
}

}  // namespace
}  // namespace hone
