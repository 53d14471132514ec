// Tokenizers: the ids and texts of the `tokenizers` package, from recorded answers; the errors; speed on bad
// inputs; streams.
#include "model/tokenizer.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <thread>

#include "core/error.h"
#include "core/files.h"
#include "core/philox.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

const fs::path kSource = source_dir();

std::string decode_stream(const Tokenizer& tokenizer, const std::vector<TokenId>& ids, bool skip) {
  DecodeStream stream(tokenizer, skip);
  std::string text;
  for (const TokenId id : ids) {
    const std::string part = stream.push(id);
    EXPECT_TRUE(part.empty() || (uint8_t(part[0]) & 0xC0) != 0x80) << "a part begins inside a character";
    text += part;
  }
  return text + stream.finish();
}

/// A tokenizer of the bytes with a few merges; `parts` replace those of the file.
std::string tiny(const Json& parts = Json::object()) {
  static const char* kAlphabet = "abcdefghijklmnopqrstuvwxyz<>0123456789";
  Json vocab = Json::object();
  for (const char* c = kAlphabet; *c; ++c) vocab[std::string(1, *c)] = vocab.size();
  for (const char* token : {"ab", "cd", "abcd", "aa", "aaaa"}) vocab[token] = vocab.size();
  Json json = {
      {"added_tokens", Json::array()},
      {"model", {{"type", "BPE"}, {"vocab", vocab}, {"merges", {"a b", "c d", "ab cd", "a a", "aa aa"}}}}};
  json.merge_patch(parts);
  return json.dump();
}

std::string error_of(const std::string& json) {
  try {
    Tokenizer::from_json(json, "t.json");
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

TEST(GoldenTokenizer, AnswersEqualThoseOfThePeerForEveryKindOfPart) {
  const Json golden = Json::parse(read_file(kSource / "tests/golden/tokenizers.json"));
  ASSERT_GT(golden["cases"].size(), 90u);
  for (const Json& entry : golden["cases"]) {
    SCOPED_TRACE(entry["name"].get<std::string>());
    Json file = entry["parts"];
    file["model"] = golden["models"][entry["model"].get<std::string>()];
    const Tokenizer tokenizer = Tokenizer::from_json(file.dump(), "case");
    for (size_t i = 0; i < golden["texts"].size(); ++i) {
      const auto text = golden["texts"][i].get<std::string>();
      SCOPED_TRACE(text);
      const Json& answer = entry["answers"][i];
      EXPECT_EQ(tokenizer.encode(text, false), answer[0].get<std::vector<TokenId>>());
      const auto ids = answer[1].get<std::vector<TokenId>>();
      EXPECT_EQ(tokenizer.encode(text, true), ids);
      for (const bool skip : {false, true}) {
        EXPECT_EQ(tokenizer.decode(ids, skip), answer[skip ? 3 : 2].get<std::string>());
        EXPECT_EQ(decode_stream(tokenizer, ids, skip), answer[skip ? 3 : 2].get<std::string>());
      }
    }
  }
}

class Vectors : public testing::TestWithParam<const char*> {};

TEST_P(Vectors, IdsEqualAndTextComesBack) {
  const fs::path shared = kSource / "../shared/tokenizers",
                 file = shared / "vectors" / (std::string(GetParam()) + "_vectors.jsonl");
  if (!fs::exists(file)) GTEST_SKIP() << "SKIPPED: " << file << " is not there";
  const Tokenizer tokenizer = Tokenizer::load(shared / GetParam());
  std::ifstream lines(file);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const Json row = Json::parse(line);
    const auto text = row["text"].get<std::string>();
    const auto ids = tokenizer.encode(text, false);
    EXPECT_EQ(ids, row["ids"].get<std::vector<TokenId>>()) << text;
    EXPECT_EQ(tokenizer.decode(ids, false), text);
    EXPECT_EQ(decode_stream(tokenizer, ids, false), text);
  }
  EXPECT_GT(count, 40);
}
INSTANTIATE_TEST_SUITE_P(Tokenizer, Vectors, testing::Values("gpt2", "qwen2.5"));

TEST(Tokenizer, SpecialIdsComeFromTheFilesBesideIt) {
  const fs::path shared = kSource / "../shared/tokenizers";
  if (!fs::exists(shared)) GTEST_SKIP() << "SKIPPED: " << shared << " is not there";
  const Tokenizer qwen = Tokenizer::load(shared / "qwen2.5"), mistral = Tokenizer::load(shared / "mistral");
  EXPECT_EQ(qwen.vocab_size(), 151665);
  EXPECT_EQ(qwen.token_of(*qwen.eos_id()), "<|im_end|>");
  EXPECT_EQ(qwen.stop_ids(), (std::vector<TokenId>{151643, 151645}));
  EXPECT_TRUE(qwen.is_special(151644));
  EXPECT_FALSE(qwen.is_special(0));
  EXPECT_EQ(mistral.encode("hi", true).front(), *mistral.bos_id());
  EXPECT_EQ(mistral.vocab_size(), 32000);
  EXPECT_EQ(Tokenizer::load(shared / "gpt2").eos_id(), std::nullopt);
}

TEST(Tokenizer, TheEndOfATextIsNamedByTheConfigurationBeforeTheModel) {
  std::string folder = (fs::temp_directory_path() / "hone-tokenizer-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const fs::path path = folder;
  const Json token = {{"id", 43}, {"content", "<end>"}, {"special", true}};
  std::ofstream(path / "tokenizer.json") << tiny({{"added_tokens", Json::array({token})}});
  std::ofstream(path / "config.json") << R"({"eos_token_id": 3})";
  EXPECT_EQ(Tokenizer::load(path).eos_id(), 3);
  std::ofstream(path / "tokenizer_config.json") << R"({"eos_token": {"content": "<end>"}})";
  const Tokenizer tokenizer = Tokenizer::load(path);
  EXPECT_EQ(tokenizer.eos_id(), 43);
  EXPECT_EQ(tokenizer.stop_ids(), (std::vector<TokenId>{3, 43}));
  fs::remove_all(path);
}

TEST(Tokenizer, WhatIsNotUtf8IsReadAsReplacementCharacters) {
  const Json model = {{"vocab", {{"a", 0}, {"\xEF\xBF\xBD", 1}}}, {"merges", Json::array()}};
  const Tokenizer tokenizer = Tokenizer::from_json(Json{{"model", model}}.dump());
  const auto ids = [&](std::string_view text) { return tokenizer.encode(text, false); };
  EXPECT_EQ(ids("a\xFF\xE4\xBD"
                "a"),
            (std::vector<TokenId>{0, 1, 1, 0}))
      << "one for a byte, one for a cut-off character";
  EXPECT_EQ(ids("\xC0\x80"), (std::vector<TokenId>{1, 1})) << "overlong";
  EXPECT_EQ(ids("\xED\xA0\x80"), (std::vector<TokenId>{1, 1, 1})) << "a surrogate";
  EXPECT_EQ(ids("\xF0\x9F\x98"), (std::vector<TokenId>{1})) << "cut off by the end";
}

TEST(Tokenizer, ALongPieceHasTheIdsOfTheDefinitionInLittleTime) {
  const Tokenizer tokenizer = Tokenizer::from_json(tiny());
  const auto all_a = tokenizer.encode(std::string(1'000'001, 'a'), false);  // the heap
  EXPECT_EQ(all_a.size(), 250'001u);
  EXPECT_EQ(tokenizer.token_of(all_a.front()), "aaaa");
  std::string mixed;
  PhiloxStream random(5);
  for (int i = 0; i < 3000; ++i) mixed += "abcda"[random.below(5)];
  // The definition, literally: of all pairs the merge of lowest rank, of those the leftmost.
  std::vector<std::string> parts;
  for (const char c : mixed) parts.emplace_back(1, c);
  const std::vector<std::pair<std::string, std::string>> merges{
      {"a", "b"}, {"c", "d"}, {"ab", "cd"}, {"a", "a"}, {"aa", "aa"}};
  for (bool any = true; any;) {
    any = false;
    for (const auto& [left, right] : merges) {
      for (size_t i = 0; i + 1 < parts.size() && !any; ++i) {
        if (parts[i] != left || parts[i + 1] != right) continue;
        parts[i] += right, parts.erase(parts.begin() + ptrdiff_t(i) + 1), any = true;
      }
      if (any) break;
    }
  }
  std::vector<TokenId> want;
  for (const std::string& part : parts) want.push_back(*tokenizer.id_of(part));
  EXPECT_EQ(tokenizer.encode(mixed, false), want);
  for (size_t length = 1; length < 100; ++length) {  // cached, short and long pieces agree
    const std::string piece = mixed.substr(0, length);
    const auto ids = tokenizer.encode(piece, false);
    EXPECT_EQ(tokenizer.encode(piece, false), ids);
    EXPECT_EQ(Tokenizer::from_json(tiny()).encode(piece, false), ids);
  }
}

TEST(Tokenizer, LongRunsOfCombiningMarksTakeLittleTime) {
  const Json parts = {{"normalizer", {{"type", "NFC"}}}};
  std::string marks = "a";
  for (int i = 0; i < 100'000; ++i) marks += i % 2 ? "\xCC\x81" : "\xCC\xA3";  // of two classes, in turn
  const std::clock_t start = std::clock();
  Tokenizer::from_json(tiny(parts)).encode(marks, false);
  EXPECT_LT(double(std::clock() - start) / CLOCKS_PER_SEC, 2.0);
}

TEST(Tokenizer, EndlessBacktrackingIsAnErrorThatNamesThePattern) {
  const Json pre = {{"type", "Split"}, {"pattern", {{"Regex", "(?:a+)+$|b"}}}, {"behavior", "Isolated"}};
  const Tokenizer tokenizer = Tokenizer::from_json(tiny({{"pre_tokenizer", pre}}));
  EXPECT_EQ(tokenizer.encode("aab", false).size(), 2u);
  try {
    tokenizer.encode(std::string(60, 'a') + "b", false);
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("(?:a+)+$|b"), std::string::npos) << e.what();
  }
}

TEST(Tokenizer, ThreadsAgree) {
  const Tokenizer tokenizer = Tokenizer::from_json(tiny());
  const std::string text = "abcdaaabcdxyzaaaaaabcdabab";
  const auto want = tokenizer.encode(text, false);
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i)
        wrong[size_t(t)] += tokenizer.encode(text, false) != want || tokenizer.decode(want, false).empty();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

TEST(Tokenizer, ABatchHasTheIdsOfItsTextsOnAnyNumberOfThreads) {
  const Tokenizer tokenizer = Tokenizer::from_json(tiny());
  std::vector<std::string> texts;
  for (size_t i = 0; i < 3000; ++i) texts.push_back(std::string(i % 50, "abcd"[i % 4]) + "cdab");
  for (const int threads : {0, 1, 3}) {
    const auto batch = tokenizer.encode_batch(texts, true, threads);
    ASSERT_EQ(batch.size(), texts.size());
    for (size_t i = 0; i < texts.size(); ++i)
      ASSERT_EQ(batch[i], tokenizer.encode(texts[i], true)) << texts[i];
  }
  EXPECT_TRUE(tokenizer.encode_batch({}, true, 2).empty());
}

TEST(Tokenizer, ABatchHandsOnTheErrorOfAText) {
  const Json unknown = {{"model", {{"unk_token", "<unk>"}}}};
  const Tokenizer tokenizer = Tokenizer::from_json(tiny(unknown));
  const std::vector<std::string> texts = {"ab", "a~b", "cd"};
  try {
    tokenizer.encode_batch(texts, false, 2);
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("unk_token \"<unk>\", which is not in the vocabulary"),
              std::string::npos);
  }
}

TEST(Tokenizer, UnknownIdsGiveNothingAndNegativeOnesAreErrors) {
  const Tokenizer tokenizer = Tokenizer::from_json(tiny({{"decoder", {{"type", "Fuse"}}}}));
  EXPECT_EQ(tokenizer.decode(std::vector<TokenId>{0, 1'000'000, 1}, false), "ab");
  EXPECT_THROW(tokenizer.decode(std::vector<TokenId>{-1}, false), Error);
}

TEST(Tokenizer, TheEndIsStrippedOnceItIsKnown) {
  const Json strip = {{"type", "Strip"}, {"content", "a"}, {"start", 0}, {"stop", 3}};
  const Json decoder = {{"type", "Sequence"}, {"decoders", {{{"type", "Fuse"}}, strip}}};
  const Tokenizer tokenizer = Tokenizer::from_json(tiny({{"decoder", decoder}}));
  const auto stripped = [&](const char* text) {
    return tokenizer.decode(tokenizer.encode(text, false), false);
  };
  EXPECT_EQ(stripped("baab"), "baab");
  EXPECT_EQ(stripped("baaaaa"), "baa");
  EXPECT_EQ(stripped("aa"), "");
}

TEST(Tokenizer, WhatIsNotSupportedOrNotRightIsNamed) {
  const auto has = [](const std::string& json, const std::string& part) {
    const std::string error = error_of(json);
    EXPECT_NE(error.find(part), std::string::npos) << "got: " << error << "\nexpected: " << part;
    EXPECT_EQ(error.find("t.json: "), 0u) << error;
  };
  const auto pre = [](const Json& step) { return tiny({{"pre_tokenizer", step}}); };
  const auto regex = [&](const std::string& pattern) {
    return pre({{"type", "Split"}, {"pattern", {{"Regex", pattern}}}, {"behavior", "Isolated"}});
  };
  const auto model = [](const Json& part) { return tiny({{"model", part}}); };
  const auto added = [](const Json& token) { return tiny({{"added_tokens", Json::array({token})}}); };

  has("{", "not JSON at byte");
  has("[]", "got array, expected an object");
  has("{}", "no model");
  has(R"({"model":{},"model":{}})", "the key \"model\" comes twice");
  has(tiny({{"extra", 1}}), "unknown key \"extra\"");
  has(tiny({{"version", "2.0"}}), "version: got \"2.0\", expected \"1.0\"");
  has(tiny({{"truncation", 5}}), "truncation: got 5, expected an object");
  has(model({{"type", "WordPiece"}}), "model: the type WordPiece is not supported, expected BPE or Unigram");
  has(model({{"type", "WordLevel"}}), "model: the type WordLevel is not supported");
  has(model({{"type", "Wordy"}}), "model: the type Wordy is not known");
  has(model({{"dropout", 0.1}}), "model: dropout: got 0.1, expected 0 or null");
  has(model({{"continuing_subword_prefix", "##"}}),
      "merges[0] \"a b\": the second part is shorter than \"##\"");
  has(model({{"vocab", 5}}), "vocab: expected an object");
  has(model({{"vocab", {{"zz", -1}}}}), "vocab \"zz\": got -1");
  has(model({{"vocab", {{"zz", 2000000000}}}}), "vocab \"zz\": got 2000000000");
  has(model({{"vocab", {{"zz", 0}}}}), "vocab: the id 0 belongs to \"a\" and to \"zz\"");
  has(model({{"merges", {"ab"}}}), "merges[0]: got \"ab\", expected two parts");
  has(model({{"merges", {"a b c"}}}), "merges[0]: got \"a b c\", expected two parts");
  has(model({{"merges", Json::array({Json::array({"a", 5})})}}),
      "merges[0]: got [\"a\",5], expected two strings");
  has(model({{"merges", {"a b", "a z"}}}), "merges[1] \"a z\": \"az\" is not in the vocabulary");
  has(tiny({{"normalizer", {{"type", "Lower"}}}}),
      "normalizer: the normalizer Lower is not known, expected Bert");
  has(tiny({{"normalizer", {{"type", "Precompiled"}, {"precompiled_charsmap", "AAA"}}}}), "expected base64");
  has(tiny({{"normalizer", {{"type", "Precompiled"}, {"precompiled_charsmap", "CAAAAA=="}}}}),
      "normalizer: precompiled_charsmap: 4 bytes with a trie of 8, expected");
  has(tiny({{"normalizer", {{"type", "Precompiled"}, {"precompiled_charsmap", "BAAAAAABAAAA"}}}}),
      "normalizer: precompiled_charsmap: unit 0 of the trie has no text");
  has(pre({{"type", "Bert"}}),
      "pre_tokenizer: the pre-tokenizer Bert is not known, expected BertPreTokenizer");
  has(pre({{"type", "FixedLength"}, {"length", 0}}), "pre_tokenizer: length: got 0, expected at least 1");
  has(pre({{"type", "CharDelimiterSplit"}, {"delimiter", "ab"}}),
      "delimiter: got \"ab\", expected one character");
  has(pre({{"type", "Sequence"}, {"pretokenizers", {{{"type", "ByteLevel"}, {"x", 1}}}}}),
      "pre_tokenizer.pretokenizers[0]: unknown key \"x\"");
  has(pre({{"type", "Split"}, {"pattern", {{"String", "a"}}}, {"behavior", "Cut"}}),
      "behavior: got Cut, expected Isolated");
  has(tiny({{"decoder", {{"type", "Words"}}}}),
      "decoder: the decoder Words is not known, expected BPEDecoder");
  has(tiny({{"post_processor", {{"type", "Bert"}}}}), "post_processor: the post-processor Bert is not known");
  has(tiny({{"post_processor", {{"type", "BertProcessing"}, {"cls", {"a", 0}}}}}), "post_processor: no sep");
  has(tiny({{"post_processor", {{"type", "BertProcessing"}, {"cls", {"a", -1}}}}}),
      "post_processor: cls: got [\"a\",-1], expected [token, id]");
  has(added({{"id", 50}, {"content", "<x>"}}), "\"<x>\": the id 50, expected 43");
  has(added({{"id", 43}, {"content", ""}}), "added_tokens[0]: content: got 0 bytes");
  has(regex("(a"), "missing closing parenthesis");
}

/// The wide comparison of scripts/check_tokenizers.py, which sets the two variables.
TEST(SlowTokenizerPeer, IdsAndTextsEqual) {
  const char *folder = std::getenv("HONE_PEER_TOKENIZER"), *vectors = std::getenv("HONE_PEER_VECTORS");
  if (!folder || !vectors) GTEST_SKIP() << "SKIPPED: run by scripts/check_tokenizers.py";
  const Tokenizer tokenizer = Tokenizer::load(folder);
  std::ifstream lines(vectors);
  int count = 0;
  for (std::string line; std::getline(lines, line);) {
    const Json row = Json::parse(line);
    const auto text = row["text"].get<std::string>();
    const auto plain = row["ids"].get<std::vector<TokenId>>();
    const auto special = row.contains("special") ? row["special"].get<std::vector<TokenId>>() : plain;
    ASSERT_EQ(tokenizer.encode(text, false), plain) << row["text"];
    ASSERT_EQ(tokenizer.encode(text, true), special) << row["text"];
    ASSERT_EQ(tokenizer.decode(special, false), row["decoded"].get<std::string>()) << row["text"];
    ASSERT_EQ(tokenizer.decode(special, true), row["skipped"].get<std::string>()) << row["text"];
    ASSERT_EQ(decode_stream(tokenizer, special, false), row["decoded"].get<std::string>()) << row["text"];
    ++count;
  }
  EXPECT_GT(count, 0);
}

}  // namespace
}  // namespace hone
