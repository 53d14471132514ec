// Errors of the torch-free folders: check() for broken contracts, InputError for what a user can mend.
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>

namespace hone {

/// Something that failed while running: exit status 1.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Bad input (flag, recipe, file, row): exit status 2. The message names file, line, key, value and what was expected.
class InputError : public Error {
 public:
  using Error::Error;
};

/// The parts printed one after the other.
template <class... Parts>
std::string concat(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return std::move(out).str();
}

/// Throws Error(concat(parts...)) unless `ok`. Parts hold the offending values: check(n > 0, "rows: got ", n, ", expected > 0").
template <class... Parts>
void check(bool ok, const Parts&... parts) {
  if (!ok) throw Error(concat(parts...));
}

/// As check(), for what the user gave.
template <class... Parts>
void check_input(bool ok, const Parts&... parts) {
  if (!ok) throw InputError(concat(parts...));
}

}  // namespace hone
