// Runs a command in this process, with strings for its streams.
#pragma once

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "cli/app.h"
#include "core/types.h"

namespace hone {

struct CliResult {
  int status = 0;
  std::string out, err;

  std::vector<Json> lines() const {  // of `out`, each as JSON
    std::vector<Json> values;
    std::istringstream in(out);
    for (std::string line; std::getline(in, line);) values.push_back(Json::parse(line));
    return values;
  }
};

inline CliResult run(const std::vector<std::string>& arguments, const std::string& input = "") {
  std::istringstream in(input);
  std::ostringstream out, err;
  const int status = run_cli(arguments, {in, out, err});
  return {status, out.str(), err.str()};
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace hone
