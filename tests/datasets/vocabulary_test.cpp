// The base's tokenizer file against the words, numbers and operators that tasks write.
#include <fstream>
#include <set>

#include "datasets/words.h"
#include "tests/datasets/helpers.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

Json tokenizer() { return load_document(source_dir().string() + "/recipes/base/tokenizer.json").root; }

/// The spelling of a text in a byte-level vocabulary.
std::string spell(const std::string& text) {
  std::string spelled;
  int hidden = 0;
  std::vector<int> code(256);
  for (int byte = 0; byte < 256; ++byte) {
    const bool shown = (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte != 0xAD);
    code[size_t(byte)] = shown ? byte : 256 + hidden++;
  }
  for (const char c : text) {
    const int point = code[static_cast<unsigned char>(c)];
    if (point < 0x80)
      spelled += char(point);
    else
      (spelled += char(0xC0 | point >> 6)) += char(0x80 | (point & 0x3F));
  }
  return spelled;
}

TEST(Vocabulary, HasATokenForEveryItemOfEveryTask) {
  const Json json = tokenizer();
  const Json& vocabulary = json["model"]["vocab"];
  std::set<std::string> added;
  for (const Json& token : json["added_tokens"]) added.insert(token["content"].get<std::string>());
  for (const std::string name :
       {"countdown", "drills", "chain_sum", "number_sorting", "base_conversion", "parity"}) {
    const Dataset dataset = test::dataset(R"({"task": ")" + name + R"(", "split": "all"})");
    for (uint64_t k = 0; k < 3000; ++k) {
      const Example example = dataset.trace(1, k);
      const std::string text = example.problem.text + test::text_of(example);
      bool first = true;
      for (const std::string& item : test::items_of(text)) {
        const bool known = added.contains(item) || vocabulary.contains(spell(first ? item : " " + item));
        ASSERT_TRUE(known) << "'" << item << "' in: " << text;
        first = false;
      }
      ASSERT_EQ(text.find(" <"), std::string::npos) << "the space before a tag would be lost: " << text;
      ASSERT_EQ(text.find("  "), std::string::npos) << text;
    }
  }
}

TEST(Vocabulary, HasEveryWordAndNumber) {
  const Json json = tokenizer();
  const Json& vocabulary = json["model"]["vocab"];
  for (int word = 0; word < kNumWords; ++word)
    for (const Language language : {Language::kEnglish, Language::kChinese})
      EXPECT_TRUE(vocabulary.contains(spell(std::string(" ") + text_of(Word(word), language)))) << word;
  for (int number = 0; number <= 99; ++number)
    EXPECT_TRUE(vocabulary.contains(spell(" " + std::to_string(number))));
  EXPECT_FALSE(vocabulary.contains("12")) << "numbers without a space are bytes";
}

TEST(Vocabulary, HasConsecutiveIdsAndARoundSize) {
  const Json json = tokenizer();
  std::set<int> ids;
  for (const auto& item : json["model"]["vocab"].items()) ids.insert(item.value().get<int>());
  for (const Json& token : json["added_tokens"]) ids.insert(token["id"].get<int>());
  EXPECT_EQ(ids.size(), json["model"]["vocab"].size() + json["added_tokens"].size());
  EXPECT_EQ(*ids.begin(), 0);
  EXPECT_EQ(*ids.rbegin() + 1, int(ids.size()));
  EXPECT_EQ(ids.size() % 16, 0u);
  EXPECT_LE(ids.size(), 448u);
}

}  // namespace
}  // namespace hone
