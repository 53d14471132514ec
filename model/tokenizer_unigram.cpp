#include "model/tokenizer_unigram.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <utility>

#include "core/error.h"
#include "model/tokenizer_unicode.h"

namespace hone {
namespace {

using Json = nlohmann::json;
using Best = UnigramWorkspace::Best;
constexpr double kUnknownPenalty = 10.0;  // an unknown character scores this much less than the worst token
constexpr uint32_t kNoToken = ~uint32_t{0};

void improve(Best* best, double score, size_t begin, TokenId id) {
  if (best->begin >= 0 && score <= best->score) return;  // of equal ones the first stays
  *best = {score, int64_t(begin), id};
}

}  // namespace

double as_read_by_peer(double value) {
  char text[40] = {};  // to_chars() does not end it
  const auto end =
      std::to_chars(text, text + sizeof text, std::fabs(value), std::chars_format::scientific).ptr;
  uint64_t digits = 0;  // at most 17 of them
  int exponent = 0;
  const char* at = text;
  for (bool fraction = false; at < end && *at != 'e'; ++at) {
    if (*at == '.') {
      fraction = true;
      continue;
    }
    digits = 10 * digits + uint64_t(*at - '0');
    exponent -= fraction;
  }
  exponent += std::atoi(at + 1);
  double out = double(digits);
  for (; exponent < -308; exponent += 308) out /= 1e308;
  const double power = std::strtod(("1e" + std::to_string(std::abs(exponent))).c_str(), nullptr);
  out = exponent < 0 ? out / power : out * power;
  return std::signbit(value) ? -out : out;
}

Unigram::Unigram(const TokenizerJson& model, bool bytes) : bytes_(bytes) {
  model.only({"type", "unk_id", "vocab", "byte_fallback"});
  byte_fallback_ = model.flag("byte_fallback", false);
  read_vocab(model);
  if (model.has("unk_id")) {
    const int64_t unknown = model.integer("unk_id");
    model.check(unknown < int64_t(tokens().size()), "unk_id: got ", unknown, ", the vocabulary has ",
                tokens().size());
    unknown_ = TokenId(unknown);
  }
  for (int byte = 0; byte < 256; ++byte) {
    char name[8];
    std::snprintf(name, sizeof name, "<0x%02X>", unsigned(byte));
    byte_tokens_[size_t(byte)] = id_of(name).value_or(-1);
  }
  build_trie();
}

void Unigram::read_vocab(const TokenizerJson& model) {
  model.check(model.json().contains("vocab") && model.json()["vocab"].is_array(),
              "vocab: expected an array of [token, score]");
  const Json& vocab = model.json()["vocab"];
  model.check(int64_t(vocab.size()) < kMaxIds, "vocab: got ", vocab.size(), " tokens, the limit is ",
              kMaxIds - 1);
  resize(vocab.size(), vocab.size());
  double worst = std::numeric_limits<double>::infinity();
  for (const Json& entry : vocab) {
    const auto id = TokenId(scores_.size());
    model.check(entry.is_array() && entry.size() == 2 && entry[0].is_string() && entry[1].is_number(),
                "vocab[", id, "]: got ", entry.dump().substr(0, 80), ", expected [token, score]");
    const double score =
        entry[1].is_number_float() ? as_read_by_peer(entry[1].get<double>()) : entry[1].get<double>();
    set(id, entry[0].get<std::string>());
    scores_.push_back(score);
    worst = std::min(worst, score);
  }
  unknown_score_ = worst - kUnknownPenalty;
}

void Unigram::build_trie() {
  std::vector<std::string_view> sorted(tokens().begin(), tokens().end());
  std::sort(sorted.begin(), sorted.end());
  size_t num_edges = 0;
  std::string_view last;
  for (const std::string_view token : sorted) {
    const auto common =
        std::mismatch(last.begin(), last.end(), token.begin(), token.end()).first - last.begin();
    num_edges += token.size() - size_t(common);
    last = token;
  }
  trie_.reserve(num_edges);
  TokenId num_nodes = 1;
  for (const std::string_view token : sorted) {
    TokenId node = 0;
    for (size_t i = 0; i < token.size(); ++i) {
      const TokenId byte = uint8_t(token[i]);
      const uint64_t edge = trie_.find(node, byte);
      const TokenId child = edge == PairTable::kNone ? num_nodes++ : TokenId(uint32_t(edge));
      if (i + 1 == token.size()) {
        trie_.set(node, byte, uint32_t(*id_of(token)), child);
      } else if (edge == PairTable::kNone) {
        trie_.set(node, byte, kNoToken, child);
      }
      node = child;
    }
  }
}

void Unigram::find_best_path(std::string_view piece, std::vector<Best>& best) const {
  best.assign(piece.size() + 1, Best{});
  for (size_t begin = 0; begin < piece.size();) {
    const double here = best[begin].score;
    const size_t length = utf8_length(piece[begin]);
    bool covered = false;
    TokenId node = 0;
    for (size_t end = begin; end < piece.size();) {
      const uint64_t edge = trie_.find(node, TokenId(uint8_t(piece[end])));
      if (edge == PairTable::kNone) break;
      ++end;
      node = TokenId(uint32_t(edge));
      const auto id = uint32_t(edge >> 32);
      if (id == kNoToken) continue;
      improve(&best[end], scores_[id] + here, begin, TokenId(id));
      covered = covered || end - begin == length;
    }
    if (!covered) {
      Best* next = &best[begin + length];
      improve(next, unknown_score_ + here, begin, unknown_);
      check(next->id >= 0,
            "tokenizer: a character of the text is in no token of the vocabulary, and the file has no ",
            "unk_id");
    }
    begin += length;
  }
}

void Unigram::encode_piece(std::string_view raw, ModelWorkspace& workspace, std::vector<TokenId>* ids) const {
  auto& w = static_cast<UnigramWorkspace&>(workspace);
  std::string spelled;
  for (size_t i = 0; bytes_ && i < raw.size(); ++i)
    append_code_point(spelled, byte_alphabet()[uint8_t(raw[i])]);
  const std::string_view piece = bytes_ ? std::string_view(spelled) : raw;
  find_best_path(piece, w.best);
  w.parts.clear();
  bool fuses = false;  // the part before was unknown too
  for (size_t end = piece.size(); end > 0;) {
    const Best& best = w.best[end];
    const auto begin = size_t(best.begin);
    const bool unknown = best.id == unknown_;
    if (unknown && fuses) {
      w.parts.back().first = begin;
    } else {
      w.parts.emplace_back(begin, end);
    }
    fuses = unknown;
    end = begin;
  }
  for (auto part = w.parts.rbegin(); part != w.parts.rend(); ++part)
    append_part(piece.substr(part->first, part->second - part->first), ids);
}

void Unigram::append_part(std::string_view part, std::vector<TokenId>* ids) const {
  if (const auto id = id_of(part))
    return ids->push_back(*id);  // a run of unknown characters may be a token too
  const auto token = [&](char byte) { return byte_tokens_[uint8_t(byte)]; };
  if (byte_fallback_ && std::all_of(part.begin(), part.end(), [&](char byte) { return token(byte) >= 0; })) {
    for (const char byte : part) ids->push_back(token(byte));
  } else {
    ids->push_back(unknown_);
  }
}

}  // namespace hone
