#include "cuda_ext/gpu_attention.h"

#include <ATen/ops/empty.h>

#include <memory>
#include <optional>

#include "cuda_ext/cuda/attention.h"
#include "cuda_ext/cuda/attention_bf16.h"
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

/// Pages of Number, and the layout's segments on the device.
template <class Number>
cuda::AttentionKeysOf<Number> keys_of(const Pages& pages, const View& l, GpuLayout& there) {
  const GpuLayout::Segments& s = there.segments(l);
  return {.k_pages = static_cast<const Number*>(pages.k.const_data_ptr()),
          .v_pages = static_cast<const Number*>(pages.v.const_data_ptr()),
          .k_page = pages.k.stride(0),
          .v_page = pages.v.stride(0),
          .key_heads = pages.k.size(1),
          .row_begin = s.row_begin,
          .first_position = s.first_position,
          .table = s.table,
          .max_pages = l.max_pages};
}

/// f(a number of what pages are made of).
template <class F>
void by_number(const at::Tensor& pages, F f) {
  pages.scalar_type() == at::kBFloat16 ? f(cuda::Bf16{}) : f(0.0f);
}

/// Gradients of rows from those of pages.
struct PageGradients {
  at::Tensor by_key, by_value;  // [G, J, 16, Dk], [G, J, 16, Dv]
};
template <class Number>
PageGradients page_gradients(const cpu::AttentionBackwardParams& p, const at::Tensor& q,
                             const cuda::AttentionKeysOf<Number>& keys, const float* delta,
                             const cuda::AttentionTiles& tiles, const GpuLayout::Backward& plan,
                             cuda::Stream stream) {
  const int64_t numbers = plan.places * keys.key_heads * cpu::kPageKeys;
  PageGradients g{at::empty({numbers * p.sizes.key_size}, q.options()),
                  at::empty({numbers * p.sizes.value_size}, q.options())};
  cuda::attention_query_gradient(cuda::AttentionQueryGradientParamsOf<Number>{.sizes = p.sizes,
                                                                              .keys = keys,
                                                                              .tiles = tiles,
                                                                              .q = p.q,
                                                                              .dout = p.dout,
                                                                              .lse = p.lse,
                                                                              .delta = delta,
                                                                              .dq = p.dq},
                                 stream);
  cuda::attention_page_gradient(
      cuda::AttentionPageGradientParamsOf<Number>{.sizes = p.sizes,
                                                  .keys = keys,
                                                  .q = p.q,
                                                  .dout = p.dout,
                                                  .lse = p.lse,
                                                  .delta = delta,
                                                  .pages = plan.pages,
                                                  .sighting_begin = plan.sighting_begin,
                                                  .sightings = plan.sightings,
                                                  .places = plan.places,
                                                  .dk = g.by_key.data_ptr<float>(),
                                                  .dv = g.by_value.data_ptr<float>()},
      stream);
  return g;
}

}  // namespace

void gpu_write_pages(at::Tensor& k_pages_, at::Tensor& v_pages_, const at::Tensor& k, const at::Tensor& v,
                     const LayoutOnGpu& layout, cuda::Stream stream) {
  by_number(k_pages_, [&](auto number) {
    using Number = decltype(number);
    cuda::write_pages(cuda::WritePagesParamsOf<Number>{.k = head_rows(k),
                                                       .v = head_rows(v),
                                                       .k_pages = static_cast<Number*>(k_pages_.data_ptr()),
                                                       .v_pages = static_cast<Number*>(v_pages_.data_ptr()),
                                                       .k_page = k_pages_.stride(0),
                                                       .v_page = v_pages_.stride(0),
                                                       .key_heads = k.size(1),
                                                       .key_size = k.size(2),
                                                       .value_size = v.size(2),
                                                       .writes = on_gpu(layout, k).writes(layout.view),
                                                       .num_writes = layout.view.num_writes},
                      stream);
  });
}

void gpu_attention(const cpu::AttentionParams& p, const at::Tensor& q, const Pages& pages,
                   const LayoutOnGpu& layout, cuda::Stream stream) {
  GpuLayout& there = on_gpu(layout, q);
  by_number(pages.k, [&](auto number) {
    using Number = decltype(number);
    cuda::attention(cuda::AttentionParamsOf<Number>{.sizes = p.sizes,
                                                    .keys = keys_of<Number>(pages, layout.view, there),
                                                    .tiles = there.tiles(layout.view, p.sizes.group),
                                                    .q = p.q,
                                                    .out = p.out,
                                                    .lse = p.lse,
                                                    .sinks = p.sinks},
                    stream);
  });
}

void gpu_attention_backward(const cpu::AttentionBackwardParams& p, const cpu::HeadRowsOut& dk,
                            const cpu::HeadRowsOut& dv, const at::Tensor& q, const Pages& pages,
                            const LayoutOnGpu& layout, cuda::Stream stream) {
  GpuLayout& there = on_gpu(layout, q);
  const GpuLayout::Backward& plan = there.backward(layout.view, p.sizes.group);
  const int64_t T = q.size(0), H = q.size(1);
  const at::Tensor delta = at::empty({T * H}, q.options());
  cuda::attention_delta({.dout = p.dout,
                         .out = p.out,
                         .rows = T,
                         .heads = H,
                         .value_size = p.sizes.value_size,
                         .delta = delta.data_ptr<float>()},
                        stream);
  PageGradients g;
  by_number(pages.k, [&](auto number) {
    g = page_gradients(p, q, keys_of<decltype(number)>(pages, layout.view, there),
                       delta.const_data_ptr<float>(), there.tiles(layout.view, p.sizes.group), plan, stream);
  });
  cuda::AttentionCollectParams collect{.by_place = g.by_key.const_data_ptr<float>(),
                                       .slot_begin = plan.slot_begin,
                                       .slots = plan.slots,
                                       .rows = T,
                                       .key_heads = pages.k.size(1),
                                       .size = p.sizes.key_size,
                                       .out = dk};
  cuda::attention_collect(collect, stream);
  collect.by_place = g.by_value.const_data_ptr<float>(), collect.size = p.sizes.value_size, collect.out = dv;
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
