#include "cuda_ext/gpu_attention.h"

#include <ATen/ops/empty.h>

#include <memory>
#include <optional>

#include "cuda_ext/cuda/attention.h"
#include "cuda_ext/gpu.h"

namespace hone::ops {

using View = cpu::AttentionLayoutView;

/// The arrays of a layout on the device and what kernels plan from it, each made when it is asked for first. They
/// live as long as this.
class GpuLayout {
 public:
  explicit GpuLayout(const at::Tensor& like) : up_(like) {}

  struct Segments {
    const int32_t *row_begin, *first_position, *table;
  };
  const Segments& segments(const View& l) {
    if (!segments_)
      segments_ = {up_(l.row_begin, size_t(l.segments) + 1), up_(l.first_position, size_t(l.segments)),
                   up_(l.table, size_t(l.segments * l.max_pages))};
    return *segments_;
  }
  const int32_t* writes(const View& l) {
    if (!writes_) writes_ = up_(l.writes, size_t(3 * l.num_writes));
    return *writes_;
  }

  struct Backward {
    const int32_t *pages, *sighting_begin, *slot_begin, *slots;
    const cuda::PageSighting* sightings;
    int64_t places;
  };
  /// group: query heads of a key head.
  const cuda::AttentionTiles& tiles(const View& l, int64_t group) {
    if (!tiles_ || group != group_) plan_forward(l, group);
    return *tiles_;
  }
  const Backward& backward(const View& l, int64_t group) {
    if (!backward_ || group != group_) plan_backward(l, group);
    return *backward_;
  }

 private:
  void plan_forward(const View& l, int64_t group) {
    const cuda::AttentionPlan plan = cuda::plan_attention(l, group);
    tiles_ = {.tiles = up_(plan.tiles), .count = int64_t(plan.tiles.size()), .pairs = plan.tile_pairs};
    backward_.reset(), group_ = group;
  }
  void plan_backward(const View& l, int64_t group) {
    tiles(l, group);
    const cuda::AttentionPlan plan = cuda::plan_attention_backward(l, group);
    backward_ = {.pages = up_(plan.pages),
                 .sighting_begin = up_(plan.sighting_begin),
                 .slot_begin = up_(plan.slot_begin),
                 .slots = up_(plan.slots),
                 .sightings = up_(plan.sightings),
                 .places = int64_t(plan.pages.size())};
  }

  Uploads up_;
  std::optional<Segments> segments_;
  std::optional<const int32_t*> writes_;
  int64_t group_ = 0;
  std::optional<cuda::AttentionTiles> tiles_;
  std::optional<Backward> backward_;
};

namespace {

GpuLayout& on_gpu(const LayoutOnGpu& l, const at::Tensor& like) {
  if (!l.cache.made) l.cache.made = std::make_shared<GpuLayout>(like);
  return *l.cache.made;
}

cpu::HeadRows head_rows(const at::Tensor& x) { return {x.const_data_ptr<float>(), x.stride(0), x.stride(1)}; }

/// Pages and the layout's segments on the device; Params is one of the CPU's.
template <class Params>
cuda::AttentionKeys keys_of(const Params& p, int64_t key_heads, const View& l, GpuLayout& there) {
  const GpuLayout::Segments& s = there.segments(l);
  return {.k_pages = p.k_pages,
          .v_pages = p.v_pages,
          .k_page = p.k_page,
          .v_page = p.v_page,
          .key_heads = key_heads,
          .row_begin = s.row_begin,
          .first_position = s.first_position,
          .table = s.table,
          .max_pages = l.max_pages};
}

}  // namespace

void gpu_write_pages(at::Tensor& k_pages_, at::Tensor& v_pages_, const at::Tensor& k, const at::Tensor& v,
                     const LayoutOnGpu& layout, cuda::Stream stream) {
  cuda::write_pages({.k = head_rows(k),
                     .v = head_rows(v),
                     .k_pages = k_pages_.data_ptr<float>(),
                     .v_pages = v_pages_.data_ptr<float>(),
                     .k_page = k_pages_.stride(0),
                     .v_page = v_pages_.stride(0),
                     .key_heads = k.size(1),
                     .key_size = k.size(2),
                     .value_size = v.size(2),
                     .writes = on_gpu(layout, k).writes(layout.view),
                     .num_writes = layout.view.num_writes},
                    stream);
}

void gpu_attention(const cpu::AttentionParams& p, const at::Tensor& q, int64_t key_heads,
                   const LayoutOnGpu& layout, cuda::Stream stream) {
  GpuLayout& there = on_gpu(layout, q);
  cuda::attention({.sizes = p.sizes,
                   .keys = keys_of(p, key_heads, layout.view, there),
                   .tiles = there.tiles(layout.view, p.sizes.group),
                   .q = p.q,
                   .out = p.out,
                   .lse = p.lse,
                   .sinks = p.sinks},
                  stream);
}

void gpu_attention_backward(const cpu::AttentionBackwardParams& p, const cpu::HeadRowsOut& dk,
                            const cpu::HeadRowsOut& dv, const at::Tensor& q, int64_t key_heads,
                            const LayoutOnGpu& layout, cuda::Stream stream) {
  GpuLayout& there = on_gpu(layout, q);
  const GpuLayout::Backward& plan = there.backward(layout.view, p.sizes.group);
  const int64_t T = q.size(0), H = q.size(1), places = plan.places;
  const auto floats = [&](int64_t n) { return at::empty({n}, q.options()); };
  const at::Tensor delta = floats(T * H),
                   by_key = floats(places * key_heads * cpu::kPageKeys * p.sizes.key_size),
                   by_value = floats(places * key_heads * cpu::kPageKeys * p.sizes.value_size);
  const cuda::AttentionKeys keys = keys_of(p, key_heads, layout.view, there);
  const float* deltas = delta.const_data_ptr<float>();
  cuda::attention_delta({.dout = p.dout,
                         .out = p.out,
                         .rows = T,
                         .heads = H,
                         .value_size = p.sizes.value_size,
                         .delta = delta.data_ptr<float>()},
                        stream);
  cuda::attention_query_gradient({.sizes = p.sizes,
                                  .keys = keys,
                                  .tiles = there.tiles(layout.view, p.sizes.group),
                                  .q = p.q,
                                  .dout = p.dout,
                                  .lse = p.lse,
                                  .delta = deltas,
                                  .dq = p.dq},
                                 stream);
  cuda::attention_page_gradient({.sizes = p.sizes,
                                 .keys = keys,
                                 .q = p.q,
                                 .dout = p.dout,
                                 .lse = p.lse,
                                 .delta = deltas,
                                 .pages = plan.pages,
                                 .sighting_begin = plan.sighting_begin,
                                 .sightings = plan.sightings,
                                 .places = places,
                                 .dk = by_key.data_ptr<float>(),
                                 .dv = by_value.data_ptr<float>()},
                                stream);
  cuda::AttentionCollectParams collect{.by_place = by_key.const_data_ptr<float>(),
                                       .slot_begin = plan.slot_begin,
                                       .slots = plan.slots,
                                       .rows = T,
                                       .key_heads = key_heads,
                                       .size = p.sizes.key_size,
                                       .out = dk};
  cuda::attention_collect(collect, stream);
  collect.by_place = by_value.const_data_ptr<float>(), collect.size = p.sizes.value_size, collect.out = dv;
  cuda::attention_collect(collect, stream);
}

void gpu_sinks_backward(const cpu::AttentionSinkParams& p, int64_t heads, const at::Tensor& out,
                        cuda::Stream stream) {
  const at::Tensor delta = at::empty({p.rows * heads}, out.options());
  cuda::attention_delta({.dout = p.dout,
                         .out = p.out,
                         .rows = p.rows,
                         .heads = heads,
                         .value_size = p.value_size,
                         .delta = delta.data_ptr<float>()},
                        stream);
  cuda::attention_sink_gradient({.rows = p.rows,
                                 .heads = heads,
                                 .lse = p.lse,
                                 .delta = delta.const_data_ptr<float>(),
                                 .sinks = p.sinks,
                                 .dsinks = p.dsinks},
                                stream);
}

}  // namespace hone::ops
