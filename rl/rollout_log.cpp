// A frame (a step's completions) is compressed in one piece and unpacked as it is read.
#include "rl/rollout_log.h"

#include <zstd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <sstream>
#include <utility>

#include "core/error.h"
#include "core/json_lines.h"
#include "rewards/rule.h"

namespace hone {
namespace {

constexpr int kLevel = 3;

void use_lines(const std::string& file, std::string&& lines, const std::function<void(const Json&)>& use) {
  std::istringstream in(std::move(lines));
  JsonLinesReader reader(file, in);
  while (const auto line = reader.next()) use(line->value);
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
    if (!group.has_reward(g)) line["reward"] = line["advantage"] = nullptr, line["dropped"] = group.errors[g];
    for (size_t r = 0; r < group.rules.size(); ++r) {
      const Reward& reward = group.by_rule.at(r).at(g);
      line["rewards"][group.rules[r]] = reward.error.empty() ? Json(reward.value) : Json();
      const Json detail = shown_detail(reward);
      if (!detail.is_null()) line["detail"][group.rules[r]] = detail;
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
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  check_input(file != nullptr, path.string(), ": cannot be opened: ", std::strerror(errno));
  const std::unique_ptr<ZSTD_DCtx, size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
  std::string packed(ZSTD_DStreamInSize(), '\0'), chunk(ZSTD_DStreamOutSize(), '\0'), frame;
  bool inside = false;  // a frame has begun and not ended
  ZSTD_inBuffer in{packed.data(), 0, 0};
  while ((in.size = std::fread(packed.data(), 1, packed.size(), file.get())) > 0) {
    for (bool more = true; more;) {  // also when all is read: what is unpacked may not have fitted
      ZSTD_outBuffer out{chunk.data(), chunk.size(), 0};
      const size_t left = ZSTD_decompressStream(context.get(), &out, &in);
      check_input(!ZSTD_isError(left), path.string(), ": damaged: ", ZSTD_getErrorName(left));
      frame.append(chunk, 0, out.pos);
      inside = left != 0;
      if (!inside) use_lines(path.string(), std::exchange(frame, {}), use);
      more = in.pos < in.size || (inside && out.pos == out.size);
    }
    in.pos = 0;
  }
  check_input(!std::ferror(file.get()), path.string(), ": cannot be read: ", std::strerror(errno));
  return !inside;
}

}  // namespace hone
