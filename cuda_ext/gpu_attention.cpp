#include "cuda_ext/gpu_attention.h"

#include <ATen/ops/empty.h>

#include "cuda_ext/cuda/attention.h"
#include "cuda_ext/gpu.h"

namespace hone::ops {
namespace {

using Layout = cpu::AttentionLayoutView;

cpu::HeadRows head_rows(const at::Tensor& x) { return {x.const_data_ptr<float>(), x.stride(0), x.stride(1)}; }

/// Pages and the layout's segments on the device; Params is one of the CPU's.
template <class Params>
cuda::AttentionKeys keys_of(const Params& p, int64_t key_heads, const Layout& l, Uploads& up) {
  return {.k_pages = p.k_pages,
          .v_pages = p.v_pages,
          .k_page = p.k_page,
          .v_page = p.v_page,
          .key_heads = key_heads,
          .row_begin = up(l.row_begin, size_t(l.segments) + 1),
          .first_position = up(l.first_position, size_t(l.segments)),
          .table = up(l.table, size_t(l.segments * l.max_pages)),
          .max_pages = l.max_pages};
}
cuda::AttentionTiles tiles_of(const cuda::AttentionPlan& plan, Uploads& up) {
  return {.tiles = up(plan.tiles), .count = int64_t(plan.tiles.size()), .pairs = plan.tile_pairs};
}

}  // namespace

void gpu_write_pages(at::Tensor& k_pages_, at::Tensor& v_pages_, const at::Tensor& k, const at::Tensor& v,
                     const Layout& l, cuda::Stream stream) {
  Uploads up(k);
  cuda::write_pages({.k = head_rows(k),
                     .v = head_rows(v),
                     .k_pages = k_pages_.data_ptr<float>(),
                     .v_pages = v_pages_.data_ptr<float>(),
                     .k_page = k_pages_.stride(0),
                     .v_page = v_pages_.stride(0),
                     .key_heads = k.size(1),
                     .key_size = k.size(2),
                     .value_size = v.size(2),
                     .writes = up(l.writes, size_t(3 * l.num_writes)),
                     .num_writes = l.num_writes},
                    stream);
}

void gpu_attention(const cpu::AttentionParams& p, const at::Tensor& q, int64_t key_heads, const Layout& l,
                   cuda::Stream stream) {
  Uploads up(q);
  const cuda::AttentionPlan plan = cuda::plan_attention(l, p.sizes.group);
  cuda::attention({.sizes = p.sizes,
                   .keys = keys_of(p, key_heads, l, up),
                   .tiles = tiles_of(plan, up),
                   .q = p.q,
                   .out = p.out,
                   .lse = p.lse,
                   .sinks = p.sinks},
                  stream);
}

void gpu_attention_backward(const cpu::AttentionBackwardParams& p, const cpu::HeadRowsOut& dk,
                            const cpu::HeadRowsOut& dv, const at::Tensor& q, int64_t key_heads,
                            const Layout& l, cuda::Stream stream) {
  Uploads up(q);
  const cuda::AttentionPlan plan = cuda::plan_attention_backward(l, p.sizes.group);
  const int64_t T = q.size(0), H = q.size(1), places = int64_t(plan.pages.size());
  const auto floats = [&](int64_t n) { return at::empty({n}, q.options()); };
  const at::Tensor delta = floats(T * H),
                   by_key = floats(places * key_heads * cpu::kPageKeys * p.sizes.key_size),
                   by_value = floats(places * key_heads * cpu::kPageKeys * p.sizes.value_size);
  const cuda::AttentionKeys keys = keys_of(p, key_heads, l, up);
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
                                  .tiles = tiles_of(plan, up),
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
                                 .pages = up(plan.pages),
                                 .sighting_begin = up(plan.sighting_begin),
                                 .sightings = up(plan.sightings),
                                 .places = places,
                                 .dk = by_key.data_ptr<float>(),
                                 .dv = by_value.data_ptr<float>()},
                                stream);
  cuda::AttentionCollectParams collect{.by_place = by_key.const_data_ptr<float>(),
                                       .slot_begin = up(plan.slot_begin),
                                       .slots = up(plan.slots),
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
