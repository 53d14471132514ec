// The layout has no space before a tag: the base's tokenizer then gives back exactly the text that went in.
#include "datasets/trace_writer.h"

#include <algorithm>

namespace hone {
namespace {

constexpr int kNumDefects = 7;

std::vector<Language> choose_languages(const StyleOptions& style, std::vector<Language> languages,
                                       Language prompt, PhiloxStream& stream) {
  const double draw = stream.uniform();
  if (draw < style.same_language || languages.size() == 1) return {prompt};
  if (draw < style.same_language + style.other_language) {
    languages.erase(std::remove(languages.begin(), languages.end(), prompt), languages.end());
    return {languages[stream.below(uint32_t(languages.size()))]};
  }
  return languages;
}

}  // namespace

StyleOptions read_style(Fields& options, const StyleOptions& defaults) {
  const auto share = [&](const char* key, double fallback) {
    return options.get(key, fallback, between(0, 1));
  };
  const StyleOptions style{.hasty = share("hasty", defaults.hasty),
                           .hasty_give_up = share("hasty_give_up", defaults.hasty_give_up),
                           .give_up = share("give_up", defaults.give_up),
                           .slip = share("slip", defaults.slip),
                           .malformed = share("malformed", defaults.malformed),
                           .same_language = share("same_language", defaults.same_language),
                           .other_language = share("other_language", defaults.other_language)};
  if (style.same_language + style.other_language > 1)
    throw options.error("other_language", concat("got ", style.other_language, ", expected at most ",
                                                 1 - style.same_language, " (1 - same_language)"));
  return style;
}

StyleOptions perfect_style() {
  return {.hasty = 0,
          .hasty_give_up = 0,
          .give_up = 0,
          .slip = 0,
          .malformed = 0,
          .same_language = 1,
          .other_language = 0};
}

TraceWriter::TraceWriter(const StyleOptions& style, std::vector<Language> languages, Language prompt,
                         uint64_t key)
    : stream_(key), slip_(style.slip) {
  languages_ = choose_languages(style, std::move(languages), prompt, stream_);
  hazard_ = chance(style.hasty) ? style.hasty_give_up : style.give_up;
  if (chance(style.malformed)) defect_ = 1 + int(below(kNumDefects));
}

const char* TraceWriter::speak(Word word) {
  const size_t turn = languages_.size() == 1 ? 0 : below(uint32_t(languages_.size()));
  return text_of(word, languages_[turn]);
}

void TraceWriter::say(Word word) { put(speak(word)); }

void TraceWriter::put(std::string_view item) { (reasoning_ += ' ') += item; }

void TraceWriter::put(int number) { put(std::to_string(number)); }

bool TraceWriter::gives_up() { return chance(hazard_); }

int TraceWriter::slip(int number) {
  if (!chance(slip_)) return number;
  return number == 0 || (number < 99 && below(2) == 0) ? number + 1 : number - 1;
}

bool TraceWriter::chance(double probability) { return stream_.uniform() < probability; }

uint32_t TraceWriter::below(uint32_t n) { return stream_.below(n); }

std::string TraceWriter::finish(std::string_view answer) {
  const std::string think = concat("<think>", reasoning_, "</think>");
  const std::string reply = concat("<answer> ", answer, "</answer>");
  switch (defect_) {
    case 1:
      return concat("<think>", reasoning_, reply);  // never stops thinking
    case 2:
      return concat(think, ' ', answer);  // no answer tags
    case 3:
      return concat(think, reply, reply);  // answers twice
    case 4:
      return concat(think, reply, ' ', speak(Word::kSo), ' ', answer);  // goes on after the answer
    case 5:
      return concat("<think></think>", reply);  // does not think
    case 6:
      return concat(think, "<answer> ", answer);  // leaves the answer open
    case 7:
      return concat(reasoning_, "</think>", reply);  // no opening tag
    default:
      return think + reply;
  }
}

}  // namespace hone
