// Reads an Options struct out of one JSON object: types, ranges and unknown keys are checked, and every value
// that was read, defaults included, is written down for the resolved recipe.
//
//   Fields f(document, "/stages/0");
//   options.steps = f.get("steps", int64_t{100}, at_least(1));
//   options.name = f.require<std::string>("name");
//   Fields eval = f.child("eval");          // an empty object if absent
//   f.finish();                              // unknown keys are errors with the nearest known name
#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/document.h"
#include "core/error.h"

namespace hone {

/// Bounds of a number, both ends included unless open.
struct Range {
  double low = -INFINITY, high = INFINITY;
  bool low_open = false;
  std::string text() const;  // "> 0", ">= 1", "from 0 to 1"
};
inline Range at_least(double low) { return {low}; }
inline Range above(double low) { return {low, INFINITY, true}; }
inline Range between(double low, double high) { return {low, high}; }

class Fields {
 public:
  /// The object at `pointer` of `document`, which must outlive this.
  explicit Fields(const Document& document, std::string pointer = "");

  bool has(const std::string& key) const;  // present and not null; also makes the key known

  /// T: bool, int64_t, uint64_t, double, std::string, std::vector<std::string>, std::vector<double>,
  /// std::vector<int64_t>, Json. Integers must be written without a fraction; a Range checks numbers.
  template <class T>
  T get(const std::string& key, T fallback, Range range = {});
  template <class T>
  T require(const std::string& key, Range range = {});
  /// A string out of a list; the error names the nearest.
  std::string one_of(const std::string& key, const std::string& fallback,
                     const std::vector<std::string>& allowed);

  Fields child(const std::string& key);                  // an object; empty if absent
  std::vector<Fields> children(const std::string& key);  // an array of objects; empty if absent

  /// Throws InputError for a key that nothing asked for, here or in a child. Call it when everything has been read.
  void finish() const;
  /// An InputError that names file, line and key: throw f.error("steps", "got 0, expected >= 1").
  InputError error(const std::string& key, const std::string& what) const;

  /// What was read, with defaults, children included.
  Json resolved() const;
  const Json& json() const;              // the object as written
  std::string where() const;             // "recipe.json:12: stages[0]"
  std::filesystem::path folder() const;  // of the document's file; empty for a text of the command line

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hone
