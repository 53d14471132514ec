// The --input of a command: a file, or standard input when it is empty or "-".
#pragma once

#include <fstream>
#include <string>

#include "cli/console.h"

namespace hone {

class Input {
 public:
  /// InputError if the file cannot be opened. `console` must outlive this.
  Input(const std::string& path, Console console);

  std::istream& stream() { return from_file_ ? file_ : stdin_; }
  const std::string& name() const { return name_; }  // for messages

 private:
  bool from_file_;
  std::ifstream file_;
  std::istream& stdin_;
  std::string name_;
};

}  // namespace hone
