#include "model/rope_config.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/exact_math.h"

namespace hone {
namespace {

constexpr Range kThetas{1, 1e15, true}, kFactors{1, 1e9};

using Scaling = RopeConfig::Scaling;

/// 0.1 m ln(factor) + 1 (arXiv 2309.00071, eq. 22), without libm.
double yarn_mscale(double factor, double m) { return factor <= 1 ? 1.0 : 0.1 * m * exact_log(factor) + 1.0; }

Scaling scaling_of(Fields& p) {
  const char* key = p.has("rope_type") ? "rope_type" : "type";
  if (p.has("type")) p.get<std::string>("type", "");  // both may be there
  const std::string type = p.one_of(key, "default", {"default", "linear", "dynamic", "yarn", "llama3"});
  if (type == "linear") return Scaling::kLinear;
  if (type == "dynamic") return Scaling::kDynamic;
  if (type == "yarn") return Scaling::kYarn;
  return type == "llama3" ? Scaling::kLlama3 : Scaling::kNone;
}

void parse_yarn(Fields& p, RopeConfig& r) {
  r.beta_fast = p.get("beta_fast", 32.0, above(0));
  r.beta_slow = p.get("beta_slow", 1.0, above(0));
  r.truncate = p.get("truncate", true);
  const double mscale = p.get("mscale", 0.0, at_least(0)),
               all_dim = p.get("mscale_all_dim", 0.0, at_least(0));
  r.table_scale = mscale > 0 && all_dim > 0 ? yarn_mscale(r.factor, mscale) / yarn_mscale(r.factor, all_dim)
                                            : yarn_mscale(r.factor, 1);
  r.table_scale = p.get("attention_factor", r.table_scale, above(0));
  if (all_dim > 0) r.score_multiplier = yarn_mscale(r.factor, all_dim) * yarn_mscale(r.factor, all_dim);
}

struct Positions {
  int64_t max;
  std::optional<int64_t> original;  // as config.json says outside of the scaling, which then counts
};

void parse_scaling(Fields& p, RopeConfig& r, const Positions& positions) {
  r.scaling = scaling_of(p);
  r.theta = p.get("rope_theta", r.theta, kThetas);
  if (p.has("partial_rotary_factor") && p.get("partial_rotary_factor", 1.0) != 1.0)
    throw p.error("partial_rotary_factor", "only 1.0 is supported");
  if (r.scaling == Scaling::kNone) {
    p.get("factor", 1.0);  // transformers does not read it either
    return p.finish();
  }
  const bool implied = r.scaling == Scaling::kYarn && p.json().contains("factor") && !p.has("factor");  // null
  if (!implied) r.factor = p.require<double>("factor", kFactors);
  if (r.scaling == Scaling::kYarn || r.scaling == Scaling::kLlama3)
    r.original_positions = p.get("original_max_position_embeddings", positions.max, between(1, 1 << 30));
  if (r.original_positions) r.original_positions = positions.original.value_or(r.original_positions);
  if (implied) r.factor = std::max(1.0, double(positions.max) / double(r.original_positions));
  if (r.scaling == Scaling::kYarn) parse_yarn(p, r);
  if (r.scaling == Scaling::kLlama3) {
    r.low_frequency_factor = p.require<double>("low_freq_factor", above(0));
    r.high_frequency_factor = p.require<double>("high_freq_factor", above(0));
    if (r.high_frequency_factor == r.low_frequency_factor)
      throw p.error("high_freq_factor", "expected something else than low_freq_factor");
  }
  p.finish();
}

}  // namespace

RopeConfig parse_rope(Fields& f, double default_theta, int64_t max_positions) {
  RopeConfig rope;
  rope.theta = f.get("rope_theta", default_theta, kThetas);
  if (f.has("partial_rotary_factor") && f.get("partial_rotary_factor", 1.0) != 1.0)
    throw f.error("partial_rotary_factor",
                  concat("got ", f.json()["partial_rotary_factor"].dump(), ", only 1.0 is supported"));
  Positions positions{max_positions, std::nullopt};
  if (f.has("original_max_position_embeddings"))
    positions.original = f.require<int64_t>("original_max_position_embeddings", between(1, 1 << 30));
  // rope_scaling, the older spelling, is the one that transformers takes where both are given.
  const bool older = f.has("rope_scaling") && !f.json()["rope_scaling"].empty();
  if (!f.has("rope_parameters") && !older) return rope;
  Fields p = f.child(older ? "rope_scaling" : "rope_parameters");
  parse_scaling(p, rope, positions);
  return rope;
}

}  // namespace hone
