#include "model/tokenizer_piece_cache.h"

#include <algorithm>
#include <cstring>

namespace hone {

PieceCache::Key PieceCache::key_of(std::string_view piece) {
  Key key;
  std::memcpy(key.words, piece.data(), piece.size());
  uint64_t hash = key.words[0] * 0x9E3779B97F4A7C15ull + piece.size();
  hash = (hash ^ hash >> 29 ^ key.words[1]) * 0xBF58476D1CE4E5B9ull;
  hash = (hash ^ hash >> 32 ^ key.words[2]) * 0x94D049BB133111EBull;
  key.slot = size_t(hash >> (64 - kLogSlots));
  return key;
}

bool PieceCache::find(const Key& key, std::string_view piece, std::vector<TokenId>* ids) const {
  const Slot& slot = slots_[key.slot];
  if (slot.num_bytes != piece.size() || std::memcmp(slot.words, key.words, sizeof key.words) != 0)
    return false;
  ids->insert(ids->end(), slot.ids, slot.ids + slot.num_ids);
  return true;
}

void PieceCache::put(const Key& key, std::string_view piece, const TokenId* ids, size_t count) {
  if (count > kMaxIds) return;
  Slot& slot = slots_[key.slot];
  std::memcpy(slot.words, key.words, sizeof key.words);
  slot.num_bytes = uint8_t(piece.size());
  slot.num_ids = uint8_t(count);
  std::copy(ids, ids + count, slot.ids);
}

}  // namespace hone
