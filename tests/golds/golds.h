// Gold answers of the shared data sets, some of our own for shapes that are rare there, and the shape of each: what the tests
// and the bench of the math rule make their pairs of.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace hone {

/// Of MATH-500, MATH train, GSM8K, CMATH and mgsm_zh, below the data folder.
extern const std::vector<std::string> kGoldFiles;

/// The non-empty answers of a file of kGoldFiles, in its order; of GSM8K what stands behind "#### ".
std::vector<std::string> read_golds(const std::filesystem::path& file);

/// All distinct golds: those of `data`, then kOwnGolds.
std::vector<std::string> all_golds(const std::filesystem::path& data);

/// Golds of the shapes that the data sets hold only a few of.
extern const std::vector<std::string> kOwnGolds;

/// "integer", "fraction", "surd", ...: the first of kShapes that fits; "other" if none does.
std::string shape_of(const std::string& gold);
extern const std::vector<std::string> kShapes;

}  // namespace hone
