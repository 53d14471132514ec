#include "cuda_ext/cuda/attention_plan.h"

namespace hone::cuda {
namespace {

/// Places of one unit, from `first` on, and who sees them.
void add_places(AttentionPlan& plan, const cpu::AttentionLayoutView& l, const cpu::UnitPages& pages,
                int64_t begin, int64_t end) {
  std::vector<std::vector<PageSighting>> seen(pages.ids().size());
  for (int64_t s = begin; s < end; ++s)
    for (int64_t b = 0; b < l.blocks(s); ++b)
      seen[size_t(pages.places(s)[b])].push_back({int32_t(s), int32_t(b)});
  for (const auto& of_page : seen) {
    plan.sightings.insert(plan.sightings.end(), of_page.begin(), of_page.end());
    plan.sighting_begin.push_back(int32_t(plan.sightings.size()));
  }
}

/// The slots that rows [.., last_row) of a unit were written to; w is the first write of the unit.
int64_t add_slots(AttentionPlan& plan, const cpu::AttentionLayoutView& l, const cpu::UnitPages& pages,
                  int64_t first_place, int64_t w, int64_t last_row) {
  for (int64_t t = int64_t(plan.slot_begin.size()) - 1; t < last_row; ++t) {
    for (; w < l.num_writes && l.writes[3 * w] == t; ++w) {
      const int32_t place = pages.place(l.writes[3 * w + 1]);
      if (place >= 0)
        plan.slots.push_back(int32_t((first_place + place) * cpu::kPageKeys) + l.writes[3 * w + 2]);
    }
    plan.slot_begin.push_back(int32_t(plan.slots.size()));
  }
  return w;
}

}  // namespace

AttentionPlan plan_attention(const cpu::AttentionLayoutView& l, int64_t group) {
  AttentionPlan plan;
  for (int64_t s = 0; s < l.segments; ++s)
    if (l.rows(s) * group > kFewPairs) plan.tile_pairs = kManyPairs;
  for (int64_t s = 0; s < l.segments; ++s)
    for (int64_t pair = 0; pair < l.rows(s) * group; pair += plan.tile_pairs)
      plan.tiles.push_back({int32_t(s), int32_t(pair)});
  return plan;
}

AttentionPlan plan_attention_backward(const cpu::AttentionLayoutView& l, int64_t group) {
  AttentionPlan plan = plan_attention(l, group);
  plan.sighting_begin.push_back(0);
  plan.slot_begin.push_back(0);
  int64_t w = 0;
  for (int64_t u = 0; u < l.units; ++u) {
    const int64_t begin = l.unit_begin[u], end = l.unit_begin[u + 1],
                  first_place = int64_t(plan.pages.size());
    const cpu::UnitPages pages(l, begin, end);
    plan.pages.insert(plan.pages.end(), pages.ids().begin(), pages.ids().end());
    add_places(plan, l, pages, begin, end);
    w = add_slots(plan, l, pages, first_place, w, l.row_begin[end]);
  }
  return plan;
}

}  // namespace hone::cuda
