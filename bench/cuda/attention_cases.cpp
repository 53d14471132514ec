// Attention at the shapes of decoding, of a prompt and of a training step, with grouped-query heads and with latent
// attention's; over pages of float32 and of bfloat16. Decoding is bound by the pages' bytes, the others by fma or tensor
// cores.
#include <cmath>

#include "bench/cuda/cases.h"
#include "cuda_ext/cuda/attention.h"
#include "cuda_ext/cuda/attention_bf16.h"

namespace hone::gpu {
namespace {

using cuda::AttentionPlan;

/// Segments of one length, each with pages of its own; the last `rows` positions of every one are computed.
struct Shape {
  int64_t segments, context, rows;  // S, C, R
  int64_t H, J, Dk, Dv;

  int64_t T() const { return segments * rows; }
  int64_t blocks() const { return (context + cpu::kPageKeys - 1) / cpu::kPageKeys; }
  int64_t pages() const { return segments * blocks(); }
  /// (row, head) pairs times the keys that they see.
  double visible() const {
    return double(segments * H) *
           (double(rows) * double(context - rows) + 0.5 * double(rows) * double(rows + 1));
  }
  cpu::AttentionSizes sizes() const {
    return {.group = H / J, .key_size = Dk, .value_size = Dv, .scale = 0.1f};
  }
  Json letters() const {
    return {{"S", segments}, {"C", context}, {"R", rows}, {"H", H}, {"J", J}, {"Dk", Dk}, {"Dv", Dv}};
  }
};

/// The layout on the host; every segment is a unit.
struct Layout {
  std::vector<int32_t> row_begin{0}, first_position, table, unit_begin{0}, writes;
  Shape shape;

  explicit Layout(const Shape& z) : shape(z) {
    for (int64_t s = 0; s < z.segments; ++s) {
      first_position.push_back(int32_t(z.context - z.rows));
      row_begin.push_back(int32_t((s + 1) * z.rows)), unit_begin.push_back(int32_t(s + 1));
      for (int64_t b = 0; b < z.blocks(); ++b) table.push_back(int32_t(s * z.blocks() + b));
      for (int64_t r = 0; r < z.rows; ++r) {
        const int64_t position = z.context - z.rows + r;
        const int64_t page = s * z.blocks() + position / cpu::kPageKeys;
        writes.insert(writes.end(),
                      {int32_t(s * z.rows + r), int32_t(page), int32_t(position % cpu::kPageKeys)});
      }
    }
  }
  cpu::AttentionLayoutView view() const {
    return {.row_begin = row_begin.data(),
            .first_position = first_position.data(),
            .table = table.data(),
            .unit_begin = unit_begin.data(),
            .writes = writes.data(),
            .segments = shape.segments,
            .max_pages = shape.blocks(),
            .units = shape.segments,
            .num_writes = shape.T()};
  }
};

/// Pages and layout as kernels are given them.
struct Keys {
  Floats k_pages, v_pages;
  Ints row_begin, first_position, table;
  GpuArray<cuda::AttentionTile> tiles;
  int tile_pairs;

  Keys(const Layout& l, const AttentionPlan& plan)
      : k_pages(uniform(l.shape.pages() * l.shape.J * l.shape.Dk * cpu::kPageKeys, 1)),
        v_pages(uniform(l.shape.pages() * l.shape.J * l.shape.Dv * cpu::kPageKeys, 2)),
        row_begin(l.row_begin),
        first_position(l.first_position),
        table(l.table),
        tiles(plan.tiles),
        tile_pairs(plan.tile_pairs) {}

  cuda::AttentionKeys on_gpu(const Shape& z) {
    return {.k_pages = k_pages.at(Side::gpu),
            .v_pages = v_pages.at(Side::gpu),
            .k_page = z.J * z.Dk * cpu::kPageKeys,
            .v_page = z.J * z.Dv * cpu::kPageKeys,
            .key_heads = z.J,
            .row_begin = row_begin.at(Side::gpu),
            .first_position = first_position.at(Side::gpu),
            .table = table.at(Side::gpu),
            .max_pages = z.blocks()};
  }
  cuda::AttentionTiles tiles_on_gpu() {
    return {.tiles = tiles.at(Side::gpu),
            .count = int64_t(tiles.bytes() / sizeof(cuda::AttentionTile)),
            .pairs = tile_pairs};
  }
};

cpu::HeadRows rows_of(const float* data, int64_t heads, int64_t size) { return {data, heads * size, size}; }
cpu::HeadRowsOut rows_of(float* data, int64_t heads, int64_t size) { return {data, heads * size, size}; }

/// Tile `i` of the first segment and key head.
cpu::AttentionTile first_tile(const Shape& z, const int32_t* table, int64_t i) {
  const int64_t pairs = z.rows * z.sizes().group;
  return {.first_row = 0,
          .first_position = z.context - z.rows,
          .key_head = 0,
          .begin = i * cpu::kTilePairs,
          .end = std::min<int64_t>((i + 1) * cpu::kTilePairs, pairs),
          .pages = table};
}

struct ForwardData {
  Keys keys;
  Floats q, out, lse;
};

/// The first row's heads on the CPU, of float32 pages.
void forward_on_cpu(ForwardData& d, const Shape& z) {
  const cpu::AttentionParams p{.sizes = z.sizes(),
                               .q = rows_of(static_cast<const float*>(d.q.at(Side::cpu)), z.H, z.Dk),
                               .out = rows_of(d.out.at(Side::cpu), z.H, z.Dv),
                               .lse = rows_of(d.lse.at(Side::cpu), z.H, 1),
                               .k_pages = d.keys.k_pages.at(Side::cpu),
                               .v_pages = d.keys.v_pages.at(Side::cpu),
                               .k_page = z.J * z.Dk * cpu::kPageKeys,
                               .v_page = z.J * z.Dv * cpu::kPageKeys};
  std::vector<float> scratch(size_t(cpu::attention_scratch(p.sizes, z.blocks() * cpu::kPageKeys)));
  const cpu::AttentionTile tile = first_tile(z, d.keys.table.at(Side::cpu), 0);
  cpu::dispatch([&](auto isa) { cpu::attention<isa>(p, tile, scratch.data()); });
}

std::unique_ptr<KernelCase> forward(const Shape& z) {
  const Layout layout(z);
  CaseInfo info{.kernel = "attention", .shape = z.letters()};
  info.flops = 2 * z.visible() * double(z.Dk + z.Dv);
  info.bytes = 4 * (double(z.pages() * cpu::kPageKeys * z.J) * double(z.Dk + z.Dv) +
                    double(z.T() * z.H) * double(z.Dk + z.Dv));
  return make_case(
      info,
      ForwardData{Keys(layout, cuda::plan_attention(layout.view(), z.H / z.J)),
                  uniform(z.T() * z.H * z.Dk, 3, 2), filled(z.T() * z.H * z.Dv, 0), filled(z.T() * z.H, 0)},
      [=](ForwardData& d) {
        cuda::attention({.sizes = z.sizes(),
                         .keys = d.keys.on_gpu(z),
                         .tiles = d.keys.tiles_on_gpu(),
                         .q = rows_of(static_cast<const float*>(d.q.at(Side::gpu)), z.H, z.Dk),
                         .out = rows_of(d.out.at(Side::gpu), z.H, z.Dv),
                         .lse = rows_of(d.lse.at(Side::gpu), z.H, 1)},
                        nullptr);
      },
      [=](ForwardData& d) {
        forward_on_cpu(d, z);
        const int64_t heads = std::min<int64_t>(z.sizes().group, cpu::kTilePairs);  // of the first row
        d.out.expect_same(heads * z.Dv, "attention");
        d.lse.expect_same(heads, "attention");
      });
}

/// n numbers of [-scale, scale) that bfloat16 holds: bits behind its own are cut off.
std::vector<float> uniform_bf16(int64_t n, uint32_t seed, float scale = 1) {
  std::vector<float> x(static_cast<size_t>(n));
  for (size_t i = 0; i < x.size(); ++i) {
    x[i] = float(int32_t(mixed_bits(seed, i))) * 0x1p-31f * scale;
    uint32_t bits;
    std::memcpy(&bits, &x[i], sizeof bits);
    bits &= 0xFFFF0000u;
    std::memcpy(&x[i], &bits, sizeof bits);
  }
  return x;
}
GpuArray<cuda::Bf16> as_bf16(const float* x, int64_t n) {
  std::vector<cuda::Bf16> y(static_cast<size_t>(n));
  for (size_t i = 0; i < y.size(); ++i) {
    uint32_t bits;
    std::memcpy(&bits, &x[i], sizeof bits);
    y[i].bits = uint16_t(bits >> 16);
  }
  return GpuArray<cuda::Bf16>(std::move(y));
}

struct Bf16ForwardData {
  ForwardData floats;
  GpuArray<cuda::Bf16> k_pages, v_pages;
};

/// Compared with the CPU's float32: what differs are roundings of p, 2^-9 of each.
std::unique_ptr<KernelCase> forward_bf16(const Shape& z) {
  const Layout layout(z);
  CaseInfo info{.kernel = "attention_bf16", .shape = z.letters()};
  info.tensor_cores = true;
  info.flops = 2 * z.visible() * double(z.Dk + z.Dv);
  info.bytes = 2 * double(z.pages() * cpu::kPageKeys * z.J) * double(z.Dk + z.Dv) +
               4 * double(z.T() * z.H) * double(z.Dk + z.Dv);
  ForwardData floats{Keys(layout, cuda::plan_attention(layout.view(), z.H / z.J)),
                     Floats(uniform_bf16(z.T() * z.H * z.Dk, 3, 2)), filled(z.T() * z.H * z.Dv, 0),
                     filled(z.T() * z.H, 0)};
  const int64_t k = z.pages() * z.J * z.Dk * cpu::kPageKeys, v = z.pages() * z.J * z.Dv * cpu::kPageKeys;
  const std::vector<float> keys = uniform_bf16(k, 1), values = uniform_bf16(v, 2);
  std::copy(keys.begin(), keys.end(), floats.keys.k_pages.at(Side::cpu));
  std::copy(values.begin(), values.end(), floats.keys.v_pages.at(Side::cpu));
  return make_case(
      info, Bf16ForwardData{std::move(floats), as_bf16(keys.data(), k), as_bf16(values.data(), v)},
      [=](Bf16ForwardData& d) {
        const cuda::AttentionKeys like = d.floats.keys.on_gpu(z);
        cuda::attention(
            cuda::Bf16AttentionParams{
                .sizes = z.sizes(),
                .keys = {.k_pages = d.k_pages.at(Side::gpu),
                         .v_pages = d.v_pages.at(Side::gpu),
                         .k_page = like.k_page,
                         .v_page = like.v_page,
                         .key_heads = like.key_heads,
                         .row_begin = like.row_begin,
                         .first_position = like.first_position,
                         .table = like.table,
                         .max_pages = like.max_pages},
                .tiles = d.floats.keys.tiles_on_gpu(),
                .q = rows_of(static_cast<const float*>(d.floats.q.at(Side::gpu)), z.H, z.Dk),
                .out = rows_of(d.floats.out.at(Side::gpu), z.H, z.Dv),
                .lse = rows_of(d.floats.lse.at(Side::gpu), z.H, 1)},
            nullptr);
      },
      [=](Bf16ForwardData& d) {
        forward_on_cpu(d.floats, z);
        const int64_t heads = std::min<int64_t>(z.sizes().group, cpu::kTilePairs);
        d.floats.out.expect_within(std::vector<float>(size_t(heads * z.Dv), 0x1p-8f), "attention_bf16");
      });
}

struct BackwardData {
  Keys keys;
  Floats q, dout, out, lse, delta, dq, by_key, by_value;
  Ints pages, sighting_begin;
  GpuArray<cuda::PageSighting> sightings;
};

/// The first unit's first key head on the CPU, all of it.
void backward_on_cpu(BackwardData& d, const Shape& z, const Layout& layout) {
  const auto at = [](Floats& x) { return static_cast<const float*>(x.at(Side::cpu)); };
  const cpu::UnitPages pages(layout.view(), 0, 1);
  const int64_t places = z.blocks();
  std::vector<float> dk(size_t(places * cpu::kPageKeys * cpu::padded(z.Dk))),
      dv(size_t(places * cpu::kPageKeys * cpu::padded(z.Dv))), vt(size_t(places * z.Dv * cpu::kPageKeys));
  const cpu::AttentionBackwardParams p{.sizes = z.sizes(),
                                       .q = rows_of(at(d.q), z.H, z.Dk),
                                       .dout = rows_of(at(d.dout), z.H, z.Dv),
                                       .out = rows_of(at(d.out), z.H, z.Dv),
                                       .lse = rows_of(at(d.lse), z.H, 1),
                                       .dq = rows_of(d.dq.at(Side::cpu), z.H, z.Dk),
                                       .k_pages = at(d.keys.k_pages),
                                       .v_pages = at(d.keys.v_pages),
                                       .k_page = z.J * z.Dk * cpu::kPageKeys,
                                       .v_page = z.J * z.Dv * cpu::kPageKeys,
                                       .dk = dk.data(),
                                       .dv = dv.data(),
                                       .vt = vt.data()};
  std::vector<float> scratch(size_t(cpu::attention_backward_scratch(p.sizes)));
  cpu::dispatch([&](auto isa) {
    for (int64_t b = 0; b < places; ++b)
      cpu::transpose_values<isa>(vt.data() + b * z.Dv * cpu::kPageKeys,
                                 p.v_pages + pages.ids()[size_t(b)] * p.v_page, z.Dv);
    const int64_t tiles = (z.rows * p.sizes.group + cpu::kTilePairs - 1) / cpu::kTilePairs;
    for (int64_t i = 0; i < tiles; ++i)
      cpu::attention_backward<isa>(p, first_tile(z, layout.table.data(), i), pages.places(0), scratch.data());
  });
  for (int64_t slot = 0; slot < cpu::kPageKeys; ++slot) {
    std::copy_n(dk.data() + slot * cpu::padded(z.Dk), z.Dk, d.by_key.at(Side::cpu) + slot * z.Dk);
    std::copy_n(dv.data() + slot * cpu::padded(z.Dv), z.Dv, d.by_value.at(Side::cpu) + slot * z.Dv);
  }
}

void backward_on_gpu(BackwardData& d, const Shape& z) {
  const auto at = [](Floats& x) { return static_cast<const float*>(x.at(Side::gpu)); };
  const cpu::HeadRows q = rows_of(at(d.q), z.H, z.Dk), dout = rows_of(at(d.dout), z.H, z.Dv),
                      lse = rows_of(at(d.lse), z.H, 1);
  cuda::attention_delta({.dout = dout,
                         .out = rows_of(at(d.out), z.H, z.Dv),
                         .rows = z.T(),
                         .heads = z.H,
                         .value_size = z.Dv,
                         .delta = d.delta.at(Side::gpu)},
                        nullptr);
  cuda::attention_query_gradient({.sizes = z.sizes(),
                                  .keys = d.keys.on_gpu(z),
                                  .tiles = d.keys.tiles_on_gpu(),
                                  .q = q,
                                  .dout = dout,
                                  .lse = lse,
                                  .delta = at(d.delta),
                                  .dq = rows_of(d.dq.at(Side::gpu), z.H, z.Dk)},
                                 nullptr);
  cuda::attention_page_gradient({.sizes = z.sizes(),
                                 .keys = d.keys.on_gpu(z),
                                 .q = q,
                                 .dout = dout,
                                 .lse = lse,
                                 .delta = at(d.delta),
                                 .pages = d.pages.at(Side::gpu),
                                 .sighting_begin = d.sighting_begin.at(Side::gpu),
                                 .sightings = d.sightings.at(Side::gpu),
                                 .places = z.pages(),
                                 .dk = d.by_key.at(Side::gpu),
                                 .dv = d.by_value.at(Side::gpu)},
                                nullptr);
}

std::unique_ptr<KernelCase> backward(const Shape& z) {
  const Layout layout(z);
  const AttentionPlan plan = cuda::plan_attention_backward(layout.view(), z.H / z.J);
  CaseInfo info{.kernel = "attention_backward", .shape = z.letters()};
  info.flops = 2 * z.visible() * double(3 * z.Dk + 2 * z.Dv);
  info.bytes = 4 * (2 * double(z.pages() * cpu::kPageKeys * z.J) * double(z.Dk + z.Dv) +
                    2 * double(z.T() * z.H) * double(z.Dk + z.Dv));
  const int64_t pairs = z.T() * z.H, slots = z.pages() * z.J * cpu::kPageKeys;
  return make_case(
      info,
      BackwardData{Keys(layout, plan), uniform(pairs * z.Dk, 3, 2), uniform(pairs * z.Dv, 4),
                   uniform(pairs * z.Dv, 5), filled(pairs, 6), filled(pairs, 0), filled(pairs * z.Dk, 0),
                   filled(slots * z.Dk, 0), filled(slots * z.Dv, 0), Ints(plan.pages),
                   Ints(plan.sighting_begin), GpuArray<cuda::PageSighting>(plan.sightings)},
      [=](BackwardData& d) { backward_on_gpu(d, z); },
      [=](BackwardData& d) {
        backward_on_cpu(d, z, layout);
        d.dq.expect_same(z.sizes().group * z.Dk, "attention_backward: dq");
        d.by_key.expect_same(cpu::kPageKeys * z.Dk, "attention_backward: dk");
        d.by_value.expect_same(cpu::kPageKeys * z.Dv, "attention_backward: dv");
      });
}

}  // namespace

void add_attention_cases(Cases& cases, const Sizes& s) {
  const int64_t D = s.head_size, J = std::max<int64_t>(1, s.heads / 2);
  const int64_t latent = 4 * D, key = latent + D / 2;  // latent attention: 576 and 512 for heads of 128
  const Shape grouped{
      .segments = s.decoding / 4, .context = s.tokens / 8, .rows = 1, .H = s.heads, .J = J, .Dk = D, .Dv = D};
  Shape absorbed = grouped, prompt = grouped, training = grouped;
  absorbed.J = 1, absorbed.Dk = key, absorbed.Dv = latent;
  prompt.segments = 1, prompt.rows = prompt.context = s.tokens / 4;
  training.segments = 4, training.rows = training.context = s.tokens / 16;
  for (const Shape& z : {grouped, absorbed, prompt})
    cases.push_back({"attention", [=] { return forward(z); }});
  for (const Shape& z : {grouped, absorbed, prompt})
    cases.push_back({"attention_bf16", [=] { return forward_bf16(z); }});
  cases.push_back({"attention_backward", [=] { return backward(training); }});
}

}  // namespace hone::gpu
