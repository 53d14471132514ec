// Frames are small (a step's completions), so they are compressed and read whole.
#include "rl/rollout_log.h"

#include <zstd.h>
#include <zstd_errors.h>

#include <memory>
#include <sstream>

#include "core/error.h"
#include "core/files.h"
#include "core/json_lines.h"

namespace hone {
namespace {

constexpr int kLevel = 3;

/// What a whole frame holds. Streaming, because the size that a frame claims need not be true.
std::string decompress_frame(ZSTD_DCtx* context, std::string_view frame, const std::string& file) {
  std::string out, chunk(ZSTD_DStreamOutSize(), '\0');
  ZSTD_inBuffer in{frame.data(), frame.size(), 0};
  for (size_t left = 1; left != 0;) {  // 0 at the frame's end
    const size_t before = in.pos;
    ZSTD_outBuffer to{chunk.data(), chunk.size(), 0};
    left = ZSTD_decompressStream(context, &to, &in);
    check_input(!ZSTD_isError(left), file, ": damaged: ", ZSTD_getErrorName(left));
    check_input(left == 0 || to.pos > 0 || in.pos > before, file, ": damaged: a frame ends early");
    out.append(chunk, 0, to.pos);
  }
  return out;
}

}  // namespace

std::string rollout_lines(int64_t step, const ScoredGroup& group, std::span<const double> advantages) {
  const RolloutGroup& rollouts = group.group;
  check(advantages.size() == rollouts.rollouts.size(), "advantages: got ", advantages.size(), ", expected ",
        rollouts.rollouts.size());
  std::string out;
  for (size_t g = 0; g < rollouts.rollouts.size(); ++g) {
    const Rollout& rollout = rollouts.rollouts[g];
    Json line = {{"step", step},
                 {"problem", rollouts.prompt.problem.id},
                 {"rollout", g},
                 {"prompt", rollouts.prompt.text},
                 {"completion", rollout.text},
                 {"tokens", rollout.ids.size()},
                 {"finish_reason", to_string(rollout.finish_reason)},
                 {"policy_version", rollout.policy_version},
                 {"rewards", Json::object()},
                 {"reward", group.rewards.at(g)},
                 {"advantage", advantages[g]}};
    for (size_t r = 0; r < group.rules.size(); ++r) {
      const Reward& reward = group.by_rule.at(r).at(g);
      line["rewards"][group.rules[r]] = reward.value;
      if (!reward.detail.is_null()) line["detail"][group.rules[r]] = reward.detail;
    }
    out += to_json_line(line);
  }
  return out;
}

std::string compress_frame(std::string_view lines) {
  const std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(lines.size()), '\0');
  const size_t size = ZSTD_compress2(context.get(), out.data(), out.size(), lines.data(), lines.size());
  check(!ZSTD_isError(size), "rollouts: ", ZSTD_getErrorName(size));
  out.resize(size);
  return out;
}

bool for_each_rollout(const std::filesystem::path& path, const std::function<void(const Json&)>& use) {
  const std::string file = read_file(path);
  const std::unique_ptr<ZSTD_DCtx, size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
  std::string_view rest = file;
  while (!rest.empty()) {
    const size_t frame = ZSTD_findFrameCompressedSize(rest.data(), rest.size());
    if (ZSTD_getErrorCode(frame) == ZSTD_error_srcSize_wrong) return false;
    check_input(!ZSTD_isError(frame), path.string(), ": damaged at byte ", file.size() - rest.size(), ": ",
                ZSTD_getErrorName(frame));
    std::istringstream lines(decompress_frame(context.get(), rest.substr(0, frame), path.string()));
    JsonLinesReader reader(path.string(), lines);
    while (const auto line = reader.next()) use(line->value);
    rest.remove_prefix(frame);
  }
  return true;
}

}  // namespace hone
