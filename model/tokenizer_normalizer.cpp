#include "model/tokenizer_normalizer.h"

#include "model/tokenizer_charsmap.h"
#include "model/tokenizer_clean.h"
#include "model/tokenizer_unicode.h"

namespace hone {
namespace {

class Form : public Normalizer {
 public:
  explicit Form(UnicodeForm form) : form_(form) {}
  void apply(std::string* text, bool*, RegexWorkspace&) const override { normalize_unicode(text, form_); }

 private:
  UnicodeForm form_;
};

/// A function of the text alone.
class Change : public Normalizer {
 public:
  explicit Change(void (*change)(std::string* text, bool* at_start)) : change_(change) {}
  void apply(std::string* text, bool* at_start, RegexWorkspace&) const override { change_(text, at_start); }

 private:
  void (*change_)(std::string* text, bool* at_start);
};

class Bert : public Normalizer {
 public:
  explicit Bert(const TokenizerJson& json)
      : clean_(json.flag("clean_text", true)),
        chinese_(json.flag("handle_chinese_chars", true)),
        lower_(json.flag("lowercase", true)),
        accents_(json.flag("strip_accents", lower_)) {}
  void apply(std::string* text, bool* at_start, RegexWorkspace&) const override {
    if (clean_) clean_bert_text(text, at_start);
    if (chinese_) put_spaces_around_chinese(text);
    if (accents_) strip_bert_accents(text, at_start);
    if (lower_) lower_text(text, at_start);
  }

 private:
  bool clean_, chinese_, lower_, accents_;
};

class Strip : public Normalizer {
 public:
  explicit Strip(const TokenizerJson& json)
      : left_(json.flag("strip_left", true)), right_(json.flag("strip_right", true)) {}
  void apply(std::string* text, bool* at_start, RegexWorkspace&) const override {
    strip_white_space(text, at_start, left_, right_);
  }

 private:
  bool left_, right_;
};

class Precompiled : public Normalizer {
 public:
  explicit Precompiled(const TokenizerJson& json) : map_(json) {}
  void apply(std::string* text, bool*, RegexWorkspace&) const override { map_.apply(text); }

 private:
  Charsmap map_;
};

class Replace : public Normalizer {
 public:
  explicit Replace(const TokenizerJson& json)
      : pattern_(json.child("pattern")), content_(json.text("content")) {}
  void apply(std::string* text, bool* at_start, RegexWorkspace& workspace) const override {
    pattern_.replace(text, content_, at_start, workspace);
  }

 private:
  TokenizerPattern pattern_;
  std::string content_;
};

class Prepend : public Normalizer {
 public:
  explicit Prepend(std::string prefix) : prefix_(std::move(prefix)) {}
  void apply(std::string* text, bool*, RegexWorkspace&) const override {
    if (!text->empty()) text->insert(0, prefix_);
  }

 private:
  std::string prefix_;
};

class Sequence : public Normalizer {
 public:
  explicit Sequence(const std::vector<TokenizerJson>& parts) {
    for (const TokenizerJson& part : parts) parts_.push_back(make_normalizer(part));
  }
  void apply(std::string* text, bool* at_start, RegexWorkspace& workspace) const override {
    for (const auto& part : parts_) part->apply(text, at_start, workspace);
  }

 private:
  std::vector<std::unique_ptr<Normalizer>> parts_;
};

}  // namespace

std::unique_ptr<Normalizer> make_normalizer(const TokenizerJson& json) {
  const std::string type = json.type();
  if (type == "Sequence") {
    json.only({"type", "normalizers"});
    return std::make_unique<Sequence>(json.children("normalizers"));
  }
  if (type == "Replace") {
    json.only({"type", "pattern", "content"});
    return std::make_unique<Replace>(json);
  }
  if (type == "Prepend") {
    json.only({"type", "prepend"});
    return std::make_unique<Prepend>(json.text("prepend"));
  }
  if (type == "Strip") {
    json.only({"type", "strip_left", "strip_right"});
    return std::make_unique<Strip>(json);
  }
  if (type == "BertNormalizer") {
    json.only({"type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase"});
    return std::make_unique<Bert>(json);
  }
  if (type == "Precompiled") {
    json.only({"type", "precompiled_charsmap"});
    return std::make_unique<Precompiled>(json);
  }
  json.only({"type"});
  if (type == "NFC") return std::make_unique<Form>(UnicodeForm::kNfc);
  if (type == "NFD") return std::make_unique<Form>(UnicodeForm::kNfd);
  if (type == "NFKC") return std::make_unique<Form>(UnicodeForm::kNfkc);
  if (type == "NFKD") return std::make_unique<Form>(UnicodeForm::kNfkd);
  if (type == "Lowercase") return std::make_unique<Change>(lower_text);
  if (type == "StripAccents") return std::make_unique<Change>(strip_accents);
  if (type == "Nmt") return std::make_unique<Change>(clean_nmt_text);
  if (type == "ByteLevel") return std::make_unique<Change>(spell_bytes);
  json.check(
      false, "the normalizer ", type,
      " is not known, expected BertNormalizer, ByteLevel, Lowercase, NFC, NFD, NFKC, NFKD, Nmt, Precompiled, "
      "Prepend, Replace, Sequence, Strip or StripAccents");
  return nullptr;
}

TokenizerPattern::TokenizerPattern(const TokenizerJson& json) {
  json.only({"String", "Regex"});
  json.check(json.has("String") != json.has("Regex"), "expected either String or Regex");
  if (json.has("Regex")) {
    regex_ = std::make_unique<Regex>(json.text("Regex"), json.place());
  } else {
    string_ = json.text("String");
    json.check(!string_.empty(), "the String to look for is empty");
  }
}

void TokenizerPattern::replace(std::string* text, const std::string& content, bool* at_start,
                               RegexWorkspace& workspace) const {
  std::string out;
  size_t copied = 0;
  bool found = false;
  for_each(*text, workspace, [&](size_t begin, size_t end) {
    if (begin == 0 && end > 0 && content.empty()) *at_start = false;
    out.append(*text, copied, begin - copied).append(content);
    copied = end;
    found = true;
  });
  if (!found) return;
  out.append(*text, copied);
  *text = std::move(out);
}

}  // namespace hone
