// Added tokens: strings that are found in the text before byte-pair encoding sees it. At each place the
// longest one wins.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/types.h"
#include "model/tokenizer_json.h"

namespace hone {

struct AddedToken {
  TokenId id = 0;
  std::string content;
  bool special = false;
  bool normalized = false;              // looked for after normalisation, as its own normal form
  bool lstrip = false, rstrip = false;  // white space before, after it belongs to the match
  bool single_word = false;             // not inside a word
};

/// "added_tokens" of tokenizer.json.
std::vector<AddedToken> parse_added_tokens(const TokenizerJson& tokenizer);

/// Finds tokens of a set in texts.
class AddedTokenFinder {
 public:
  /// Looks for `token` where its text reads `content`.
  void add(const AddedToken& token, const std::string& content);

  /// Calls visit(text, id) for what lies between matches (id -1) and for matches, in order. Empty stretches
  /// are left out.
  template <class Visit>
  void split(std::string_view text, Visit&& visit) const {
    size_t done = 0;
    for (size_t at = 0; at < text.size();) {
      Match match;
      if (!starts_[uint8_t(text[at])] || !find_at(text, at, done, &match)) {
        at = match.end > at ? match.end : at + 1;
        continue;
      }
      if (match.begin > done) visit(text.substr(done, match.begin - done), TokenId{-1});
      visit(text.substr(match.begin, match.stop - match.begin), match.id);
      done = match.stop;
      at = match.end;
    }
    if (done < text.size()) visit(text.substr(done), TokenId{-1});
  }

 private:
  struct Match {
    size_t begin = 0, stop = 0;  // with the white space that it takes
    size_t end = 0;              // of the content; 0 if there is none
    TokenId id = -1;
  };
  struct Node {
    std::map<uint8_t, int> next;
    int token = -1;  // index into tokens_
  };
  /// The longest token at text[at..]. `done`: end of the match before. False with match->end set: found, but
  /// not as a single word.
  bool find_at(std::string_view text, size_t at, size_t done, Match* match) const;

  std::vector<AddedToken> tokens_;
  std::vector<Node> nodes_{Node{}};
  bool starts_[256] = {};
};

}  // namespace hone
