// A part of tokenizer.json together with where it stands, so that every complaint names file, place and
// value.
#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/error.h"

namespace hone {

class TokenizerJson {
 public:
  using Json = nlohmann::json;
  /// `file` and `json` are borrowed.
  TokenizerJson(const std::string& file, const Json& json, std::string where = "")
      : file_(file), json_(json), where_(std::move(where)) {}

  const Json& json() const { return json_; }
  std::string place() const { return where_.empty() ? file_ : file_ + ": " + where_; }
  bool has(const char* key) const { return json_.contains(key) && !json_.at(key).is_null(); }

  TokenizerJson child(const char* key) const;                  // an object; an error if it is not
  std::vector<TokenizerJson> children(const char* key) const;  // an array's elements
  std::string type() const { return text("type"); }
  std::string text(const char* key) const;  // required
  bool flag(const char* key, bool fallback) const;
  int64_t integer(const char* key) const;  // required, >= 0
  /// Any other key is an error: what is not understood is not ignored.
  void only(std::initializer_list<const char*> keys) const;

  template <class... Parts>
  void check(bool ok, const Parts&... parts) const {
    if (!ok) throw InputError(concat(place(), ": ", parts...));
  }

 private:
  const std::string& file_;
  const Json& json_;
  std::string where_;  // "pre_tokenizer.pretokenizers[0]"
};

}  // namespace hone
