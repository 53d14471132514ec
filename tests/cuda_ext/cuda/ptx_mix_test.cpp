// What nvcc made of the kernels, instruction by instruction: what is meant to go around registers does so, loads are
// as wide as they are meant to be, nothing lies in local memory. Without nvcc there is nothing to look at.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace hone {
namespace {

/// How often an instruction has to be in the PTX of a source's kernels, for sm_90a or sm_80.
struct Expected {
  const char* source;
  const char* instruction;
  int at_least;
};
// Float32 chains of fma have no use for tensor cores. A warp of a product in bfloat16 does 4 x 4, 2 x 4 or 1 to 4 steps
// for sixteen links, twice or four times a slice.
const std::vector<Expected> kExpected{
    {"gemm_128", "cp.async.", 2},
    {"gemm_128", "fma.rn.f32", 8 * 8 * 8},
    {"gemm_64", "cp.async.", 2},
    {"gemm_64", "fma.rn.f32", 4 * 4 * 8},
    {"gemm_thin", "cp.async.", 2},
    {"gemm_bf16_128", "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32", 2 * 4 * 4},
    {"gemm_bf16_128", "ldmatrix.sync.aligned.m8n8.x2", 2 * 4},
    {"gemm_bf16_128", "cp.async.cg.shared.global", 4 + 2},
    {"gemm_bf16_64", "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32", 2 * 2 * 4},
    {"gemm_bf16_thin", "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32", 4 * (1 + 2 + 4)},
    {"gemm_bf16_thin", "cvt.rn.bf16x2.f32", 4 * 4 * (1 + 2 + 4)},
    {"rms_norm_weight", "cp.async.", 2},
    {"rms_norm", "ld.global.v4", 1},
    {"rms_norm_backward", "ld.global.v4", 2},
    {"gates", "ld.global.v4", 8},
    {"optimizer", "ld.global.v4", 4},
    {"moe_combine", "ld.global.v4", 3},
    {"head_score", "ld.global.v4", 1},
    {"embedding", "ld.global.v4", 2},
    {"moe_dispatch", "match.any.sync", 2},
    {"attention_64", "cp.async.", 8},
    {"attention_512", "fma.rn.f32", 4 * 8 * 8},
    {"attention_512", "ld.shared.v4", 8},
    {"attention_query_gradient_128", "cp.async.", 8},
    {"attention_page_gradient_576", "fma.rn.f32", 4 * (9 + 8)},
    // Two steps for scores and, of values, for each sixteen columns of a warp, for each sixteen pairs.
    {"attention_bf16_128", "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32", (1 + 2) * 2 * (1 + 2)},
    {"attention_bf16_512", "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32", (1 + 8) * 2 * (1 + 2)},
    {"attention_bf16_128", "ldmatrix.sync.aligned.m8n8.x4.trans", (1 + 2) * 2},
    {"attention_bf16_128", "cp.async.cg.shared.global", 2 * 2},
    {"attention_bf16_query_gradient_576", "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32",
     (2 + 9) * 2 * (1 + 2)},
    {"attention_bf16_page_gradient_576", "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32",
     2 + 2 * (9 + 8)},
    {"attention_bf16_page_gradient_576", "ldmatrix.sync.aligned.m8n8.x4.trans", 9 + 8},
    {"weight_gradient_128", "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32", 2 * 4 * 4},
    {"weight_gradient_128", "cp.async.cg.shared.global", 2},
    {"weight_gradient_64", "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32", 2 * 2 * 4},
};
const std::vector<std::string> kNever{"ld.local",   "st.local",   "lg2.",    "ex2.",
                                      "sin.approx", "cos.approx", "call.uni"};

std::map<std::string, int> count(const std::string& text, const std::vector<std::string>& instructions) {
  std::map<std::string, int> counts;
  for (const std::string& name : instructions)
    for (size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) ++counts[name];
  return counts;
}

std::string ptx_of(const std::filesystem::path& object) {
  std::ifstream file(object, std::ios::binary);
  EXPECT_TRUE(file) << object;
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  std::string text;
  for (size_t at = bytes.find(".version "); at != std::string::npos; at = bytes.find(".version ", at + 1))
    text += bytes.substr(at, bytes.find('\0', at) - at);
  return text;
}

std::vector<std::string> complaints(const std::string& source, const std::string& ptx) {
  std::vector<std::string> out;
  for (const Expected& e : kExpected)
    if (source == e.source && count(ptx, {e.instruction})[e.instruction] < e.at_least)
      out.push_back(source + ": fewer than " + std::to_string(e.at_least) + " " + e.instruction);
  for (const auto& [name, n] : count(ptx, kNever)) out.push_back(source + ": has " + name);
  return out;
}

TEST(CudaPtxMix, KernelsHaveTheInstructionsThatTheyAreMeantToHave) {
  const std::filesystem::path table = HONE_KERNEL_TABLE;
  if (table.empty()) GTEST_SKIP() << "no nvcc: the CUDA kernels were not built";
  for (const auto& entry : std::filesystem::directory_iterator(table.parent_path() / "cuda"))
    if (entry.path().extension() == ".o")
      for (const std::string& line : complaints(entry.path().stem(), ptx_of(entry.path())))
        ADD_FAILURE() << line;
  for (const Expected& e : kExpected)
    EXPECT_TRUE(std::filesystem::exists(table.parent_path() / "cuda" / (std::string(e.source) + ".o")))
        << e.source;
}

TEST(CudaPtxMix, PlantedMistakesAreNoticed) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(complaints("rms_norm", "ld.global.f32 %f1;"), Lines{"rms_norm: fewer than 1 ld.global.v4"});
  EXPECT_EQ(complaints("rms_norm", "ld.global.v4.f32 {%f1;"), Lines{});
  EXPECT_EQ(complaints("rope", "st.local.f32 [%r1];"), Lines{"rope: has st.local"});
}

}  // namespace
}  // namespace hone
