#include "rewards/choice.h"

#include <algorithm>

#include "rewards/answer_scan.h"
#include "rewards/text.h"

namespace hone {
namespace {

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// Compatibility forms folded (full-width letters, circled ones), \text{..} and the like unwrapped, without decoration.
std::string plain(std::string_view answer) {
  const std::string folded = compatible(answer);
  std::string_view text = undecorated(folded);
  for (const std::string_view command :
       {"\\text{", "\\textbf{", "\\mathrm{", "\\mathbf{", "\\rm{", "\\mbox{"}) {
    if (text.starts_with(command) && text.find('}') == text.size() - 1)
      text = undecorated(text.substr(command.size(), text.size() - command.size() - 1));
  }
  return std::string(text);
}

/// As options and answers are compared: case, white space, and punctuation at the ends do not count.
std::string comparable(std::string_view text) {
  std::string out = lower_case(collapse_space(plain(text)));
  while (!out.empty() && (out.back() == '.' || out.back() == '!' || out.back() == ',' || out.back() == ';'))
    out.pop_back();
  return out;
}

/// Reads labels from the left.
class LabelReader {
 public:
  LabelReader(std::string_view text, const Choices& choices) : text_(text), choices_(choices) { skip_lead(); }

  bool at_end() const { return pos_ == text_.size(); }
  std::string_view rest() const { return text_.substr(pos_); }

  /// A label as a word of its own, in brackets or not: its index.
  std::optional<size_t> label() {
    const size_t start = pos_;
    char close = 0;
    if (pos_ < text_.size() && (text_[pos_] == '(' || text_[pos_] == '['))
      close = text_[pos_++] == '(' ? ')' : ']';
    const std::optional<size_t> index = index_at(pos_);
    if (index && (pos_ + 1 == text_.size() || !is_alphanumeric(text_[pos_ + 1]))) {
      ++pos_;
      if (close == 0) return index;
      if (pos_ < text_.size() && text_[pos_] == close) {
        ++pos_;
        return index;
      }
    }
    pos_ = start;
    return std::nullopt;
  }

  /// What may stand between two labels of a list.
  bool list_separator() {
    const size_t start = pos_;
    skip_space();
    for (const std::string_view mark :
         {std::string_view(","), std::string_view(";"), std::string_view("&"), std::string_view("and "),
          std::string_view("\xE3\x80\x81"), std::string_view("\xE5\x92\x8C")}) {
      if (!rest().starts_with(mark)) continue;
      pos_ += mark.size();
      skip_space();
      if (mark == "," && rest().starts_with("and ")) pos_ += 4;  // "A, B, and C"
      skip_space();
      return true;
    }
    pos_ = start;
    return false;
  }

  /// What may stand between a label and its option's text; whether there can be no doubt that a label came before.
  bool text_separator() {
    skip_space();
    bool strong = false;
    for (const std::string_view mark : {std::string_view("."), std::string_view(")"), std::string_view(":"),
                                        std::string_view("\xE3\x80\x81"), std::string_view("\xE3\x80\x82")}) {
      if (!strong && rest().starts_with(mark)) pos_ += mark.size(), strong = true;
    }
    skip_space();
    return strong;
  }

  /// "ACD": the whole text is different labels, in capitals.
  std::vector<size_t> glued() const {
    std::vector<size_t> found;
    if (text_.size() < 2 || text_.size() > choices_.labels.size()) return found;
    for (size_t pos = 0; pos < text_.size(); ++pos) {
      const std::optional<size_t> index = index_at(pos);
      if (!index || text_[pos] < 'A' || text_[pos] > 'Z' ||
          std::find(found.begin(), found.end(), *index) != found.end())
        return {};
      found.push_back(*index);
    }
    return found;
  }

 private:
  void skip_space() {
    while (pos_ < text_.size() &&
           (text_[pos_] == ' ' || text_[pos_] == '\t' || text_[pos_] == '\n' || text_[pos_] == '*'))
      ++pos_;
  }
  void skip_lead() {
    for (const std::string_view lead :
         {std::string_view("option "), std::string_view("choice "),
          std::string_view("\xE9\x80\x89\xE9\xA1\xB9"), std::string_view("\xE9\x80\x89")}) {
      if (lower_case(text_.substr(0, lead.size())) != lead) continue;
      pos_ = lead.size();
      return skip_space();
    }
  }
  std::optional<size_t> index_at(size_t pos) const {
    if (pos >= text_.size() || !is_alphanumeric(text_[pos])) return std::nullopt;
    const auto same = [&](const std::string& label) {
      return lower_case(label) == lower_case(text_.substr(pos, 1));
    };
    const auto at = std::find_if(choices_.labels.begin(), choices_.labels.end(), same);
    if (at == choices_.labels.end()) return std::nullopt;
    return static_cast<size_t>(at - choices_.labels.begin());
  }

  std::string_view text_;
  const Choices& choices_;
  size_t pos_ = 0;
};

ChoiceReading chosen(std::vector<size_t> indices) {
  std::sort(indices.begin(), indices.end());
  indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
  return {std::move(indices), ""};
}

/// The options whose text it is.
std::vector<size_t> by_text(std::string_view text, const Choices& choices) {
  std::vector<size_t> found;
  const std::string wanted = comparable(text);
  for (size_t i = 0; i < choices.texts.size() && !wanted.empty(); ++i) {
    if (comparable(choices.texts[i]) == wanted) found.push_back(i);
  }
  return found;
}

/// "B. Paris": a label, and what stands behind it.
ChoiceReading labelled_text(LabelReader reader, size_t label, const Choices& choices) {
  const bool strong = reader.text_separator();
  if (reader.at_end()) return chosen({label});
  const std::vector<size_t> named = by_text(reader.rest(), choices);
  if (std::find(named.begin(), named.end(), label) != named.end()) return chosen({label});
  if (!named.empty()) return {{}, "the label and the text are those of different options"};
  if (strong) return chosen({label});
  return {{}, "no option is called so"};
}

}  // namespace

Choices letters_only() {
  Choices choices;
  for (char c = 'A'; c <= 'Z'; ++c) choices.labels.emplace_back(1, c);
  return choices;
}

ChoiceReading read_choice(std::string_view answer, const Choices& choices) {
  const std::string text = plain(answer);
  LabelReader reader(text, choices);
  const std::optional<size_t> first = reader.label();
  const LabelReader after_first = reader;
  std::vector<size_t> listed;
  for (std::optional<size_t> label = first; label; label = reader.label()) {
    listed.push_back(*label);
    if (reader.at_end()) return chosen(std::move(listed));
    if (!reader.list_separator()) break;
  }
  const std::vector<size_t> named = by_text(answer, choices);
  if (named.size() == 1) return chosen(named);
  if (named.size() > 1) return {{}, "several options have this text"};
  if (std::vector<size_t> glued = LabelReader(text, choices).glued(); !glued.empty())
    return chosen(std::move(glued));
  if (first) return labelled_text(after_first, *first, choices);
  return {{}, "no option is called so"};
}

}  // namespace hone
