// Streams of tokens to text: what is shown when, by kind of decoder. (That all parts together are decode() is a
// test of tokenizer_test.cpp and of the fuzzer.)
#include "model/tokenizer_decoder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/utf8.h"
#include "model/tokenizer.h"

namespace hone {
namespace {

using Json = nlohmann::json;
using Parts = std::vector<std::string>;

Json sequence(const Json& decoders) { return {{"type", "Sequence"}, {"decoders", decoders}}; }
Json metaspace(const char* scheme) {
  return {{"type", "Metaspace"}, {"replacement", "\u2581"}, {"prepend_scheme", scheme}, {"split", true}};
}

/// What each token lets through, and the end. Each part is whole characters.
Parts shown(const Json& decoder, const Parts& tokens) {
  Json vocab = Json::object();
  for (const std::string& token : tokens) vocab.emplace(token, vocab.size());
  const Json file = {{"decoder", decoder}, {"model", {{"vocab", vocab}, {"merges", Json::array()}}}};
  const Tokenizer tokenizer = Tokenizer::from_json(file.dump());
  DecodeStream stream(tokenizer, false);
  Parts out;
  for (const std::string& token : tokens) out.push_back(stream.push(*tokenizer.id_of(token)));
  out.push_back(stream.finish());
  for (const std::string& part : out) EXPECT_FALSE(first_invalid_utf8(part)) << part;
  return out;
}

TEST(DecodeStream, BytesWaitForTheirCharacter) {
  const Json decoder = {{"type", "ByteLevel"}};
  EXPECT_EQ(shown(decoder, {"a", "\u00F0\u0141", "\u013A\u0122", "b\u0120"}),
            (Parts{"a", "", "\U0001F600", "b ", ""}));
  EXPECT_EQ(shown(decoder, {"\u00F0\u0141", "x"}), (Parts{"", "\uFFFDx", ""}))
      << "a character that is not finished";
  EXPECT_EQ(shown(decoder, {"x\u00F0"}), (Parts{"x", "\uFFFD"}));
}

TEST(DecodeStream, ByteTokensWaitForTheEndOfTheirRun) {
  const Json fallback = {{"type", "ByteFallback"}}, fuse = {{"type", "Fuse"}};
  const Json decoder = sequence({fallback, fuse});
  EXPECT_EQ(shown(decoder, {"a", "<0xC3>", "<0xA9>", "b"}), (Parts{"a", "", "",
                                                                   "\u00E9"
                                                                   "b",
                                                                   ""}));
  EXPECT_EQ(shown(decoder, {"<0xC3>", "b", "<0xA9>"}), (Parts{"",
                                                              "\uFFFD"
                                                              "b",
                                                              "", "\uFFFD"}));
}

TEST(DecodeStream, TheFirstSpaceIsDroppedAndOnlyTheFirst) {
  EXPECT_EQ(shown(metaspace("always"), {"\u2581the", "\u2581cat", "s"}), (Parts{"the", " cat", "s", ""}));
  EXPECT_EQ(shown(metaspace("never"), {"\u2581the", "\u2581cat"}), (Parts{" the", " cat", ""}));
  const Json replace = {{"type", "Replace"}, {"pattern", {{"String", "\u2581"}}}, {"content", " "}};
  const Json strip = {{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}};
  const Json llama = sequence({replace, {{"type", "ByteFallback"}}, {{"type", "Fuse"}}, strip});
  EXPECT_EQ(shown(llama, {"\u2581", "\u2581the", "<0x41>", "\u2581cat"}),
            (Parts{"", " the", "", "A cat", ""}));
}

TEST(DecodeStream, WordsAreGluedAndSpacesBeforePunctuationGo) {
  const Json words = {{"type", "WordPiece"}, {"prefix", "##"}, {"cleanup", true}};
  EXPECT_EQ(shown(words, {"##a", "##b", "c", ".", "do not"}), (Parts{"##a", "b", " c", ".", " don't", ""}));
  const Json plain = {{"type", "WordPiece"}, {"prefix", "##"}, {"cleanup", false}};
  EXPECT_EQ(shown(plain, {"c", ".", "##"}), (Parts{"c", " .", "", ""}));
}

TEST(DecodeStream, TheLastTokenWaitsWhereItsSuffixDependsOnBeingTheLast) {
  const Json suffix = {{"type", "BPEDecoder"}, {"suffix", "</w>"}};
  EXPECT_EQ(shown(suffix, {"a</w>", "b", "c</w>"}), (Parts{"", "a ", "b", "c"}));
}

TEST(DecodeStream, RepeatedTokensCountOnce) {
  const Json ctc = {
      {"type", "CTC"}, {"pad_token", "<pad>"}, {"word_delimiter_token", "|"}, {"cleanup", true}};
  EXPECT_EQ(shown(ctc, {"a", "a", "<pad>", "a", "|", "b"}), (Parts{"a", "", "", "a", " ", "b", ""}));
}

}  // namespace
}  // namespace hone
