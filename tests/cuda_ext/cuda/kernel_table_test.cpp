// What nvcc made of the kernels: no registers spilled but those listed with a reason, and no instruction in the
// PTX that rounds otherwise than the definitions say. Without nvcc there is nothing to look at.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/source_dir.h"

namespace hone {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Names of kernels that may spill, with the reason: "source: kernel | reason" lines, # comments.
std::map<std::string, std::string> allowed_spills(const std::string& text) {
  std::map<std::string, std::string> reasons;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const size_t bar = line.find(" | ");
    if (line.empty() || line[0] == '#') continue;
    EXPECT_TRUE(bar != std::string::npos && bar + 10 < line.size()) << "spills.txt: no reason in: " << line;
    reasons[line.substr(0, bar)] = line.substr(bar + 3);
  }
  return reasons;
}

struct Row {
  int registers, frame, stores, loads;
  std::string name;
};
std::vector<Row> rows_of(const std::string& table) {
  std::vector<Row> rows;
  std::istringstream lines(table);
  std::string line, arch;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    Row r{};
    int barriers = 0;
    fields >> arch >> r.registers >> r.frame >> r.stores >> r.loads >> barriers >> std::ws;
    std::getline(fields, r.name);
    rows.push_back(r);
  }
  return rows;
}

/// One line a kernel that spills without a reason, and a reason without a spill.
std::vector<std::string> complaints(const std::string& table, const std::string& spills) {
  std::map<std::string, std::string> reasons = allowed_spills(spills);
  std::map<std::string, bool> used;
  std::vector<std::string> out;
  for (const Row& r : rows_of(table)) {
    if (r.frame == 0 && r.stores == 0 && r.loads == 0) continue;
    used[r.name] = true;
    if (!reasons.contains(r.name)) out.push_back(r.name + " has a stack frame or spills");
  }
  for (const auto& [name, reason] : reasons)
    if (!used.contains(name)) out.push_back(name + " does not spill");
  return out;
}

/// Whether a PTX instruction rounds in a way that no definition has: anything approximate or flushed, an
/// addition or multiplication that ptxas may fuse, an atomic sum of floats.
bool inexact(const std::string& operation) {
  const auto has = [&](const char* part) { return operation.find(part) != std::string::npos; };
  const auto begins = [&](const char* part) { return operation.rfind(part, 0) == 0; };
  const bool floats = has(".f16") || has(".f32") || has(".f64") || has(".bf16");
  if (has(".ftz") || has(".approx") || has(".full.")) return true;
  if (floats && (begins("atom.") || begins("red."))) return true;
  for (const char* name : {"add.", "sub.", "mul.", "mad.", "fma.", "div.", "sqrt.", "rcp."})
    if (floats && begins(name) && !has(".rn")) return true;
  return false;
}

/// What an object file's PTX holds.
struct Ptx {
  int entries = 0;  // kernels, of the PTX for sm_80
  std::vector<std::string> inexact_lines;
};
Ptx read_ptx(const std::string& object) {
  Ptx ptx;
  for (size_t at = object.find(".version "); at != std::string::npos; at = object.find(".version ", at + 1)) {
    std::istringstream text(object.substr(at, object.find('\0', at) - at));
    bool sm_80 = false;
    for (std::string line; std::getline(text, line);) {
      std::istringstream words(line);
      std::string operation;
      words >> operation;
      if (!operation.empty() && operation[0] == '@') words >> operation;  // a predicate
      sm_80 |= line == ".target sm_80";
      ptx.entries += sm_80 && line.find(".entry ") != std::string::npos;
      if (inexact(operation)) ptx.inexact_lines.push_back(line);
    }
  }
  return ptx;
}

TEST(CudaKernelTable, SpillsAreListedWithTheirReason) {
  const std::filesystem::path table = HONE_KERNEL_TABLE;
  if (table.empty()) GTEST_SKIP() << "no nvcc: the CUDA kernels were not built";
  for (const std::string& line :
       complaints(text_of(table), text_of(source_dir() / "cuda_ext/cuda/spills.txt")))
    ADD_FAILURE() << line << " (" << table << ", cuda_ext/cuda/spills.txt)";
}

TEST(CudaKernelTable, NothingRoundsOtherwiseThanItsDefinition) {
  const std::filesystem::path table = HONE_KERNEL_TABLE;
  if (table.empty()) GTEST_SKIP() << "no nvcc: the CUDA kernels were not built";
  int kernels = 0;
  for (const auto& entry : std::filesystem::directory_iterator(table.parent_path() / "cuda")) {
    if (entry.path().extension() != ".o") continue;
    const Ptx ptx = read_ptx(text_of(entry.path()));
    kernels += ptx.entries;
    for (const std::string& line : ptx.inexact_lines)
      ADD_FAILURE() << entry.path().filename() << ": " << line;
  }
  EXPECT_EQ(kernels, int(rows_of(text_of(table)).size()) / 2)
      << "in the PTX, and in the table for two machines";
}

TEST(CudaKernelTable, PlantedSpillsAndRoundingsAreNoticed) {
  const std::string table =
      "arch regs frame stores loads barriers  source and kernel\n"
      "sm_80    32    0    0    0    1  a: fine\n"
      "sm_90a  255   16    8    8    1  b: spills<4>\n";
  EXPECT_EQ(complaints(table, ""), (std::vector<std::string>{"b: spills<4> has a stack frame or spills"}));
  EXPECT_TRUE(complaints(table, "b: spills<4> | once an expert, outside of its loop\n").empty());
  EXPECT_EQ(complaints(table, "b: spills<4> | once an expert\na: fine | no longer\n"),
            (std::vector<std::string>{"a: fine does not spill"}));
  using Lines = std::vector<std::string>;
  const auto ptx = [](const std::string& line) {
    return read_ptx("\1x.version 9.0\nret;\n" + line + "\n\0y").inexact_lines;
  };
  EXPECT_EQ(ptx("fma.rn.f32 %f1;"), Lines{});
  EXPECT_EQ(ptx("add.s32 %r1;"), Lines{});
  for (const char* line : {"mul.f32 %f1;", "add.rn.ftz.f32 %f1;", "div.approx.f32 %f1;", "div.full.f32 %f1;",
                           "@%p1 red.global.add.f32 [%rd1], %f1;", "atom.shared.add.f32 %f1;"})
    EXPECT_EQ(ptx(line), Lines{line});
}

}  // namespace
}  // namespace hone
