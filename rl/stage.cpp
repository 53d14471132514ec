#include "rl/stage.h"

#include <ATen/ops/empty.h>

#include <cstring>

#include "cuda_ext/device.h"

namespace hone {
namespace {

/// Of floats on the CPU.
std::span<const std::byte> bytes_of(const at::Tensor& flat) {
  return {reinterpret_cast<const std::byte*>(flat.data_ptr<float>()), size_t(flat.numel()) * sizeof(float)};
}

}  // namespace

Decoder make_decoder(const StageContext& context, const Model& model) {
  return {model.config, model.flat,
          products_on(model.flat.device(), context.recipe.policy.dtype, "policy.dtype")};
}

PromptRenderer make_renderer(const StageContext& context, const TemplateOptions& options) {
  return {options, context.tokenizer, context.tokenizer_folder, context.now};
}

Engine make_engine(const Decoder& decoder, const Tokenizer& tokenizer, const SamplingStage& options) {
  EngineOptions engine;
  engine.kv_cache_bytes = options.kv_cache_mb << 20;
  engine.scheduler.max_batched_tokens = options.max_batched_tokens;
  return Engine(
      decoder, [&tokenizer](std::span<const TokenId> ids) { return tokenizer.decode(ids, false); }, engine);
}

void save_flat(CheckpointWriter& writer, const std::string& name, const at::Tensor& flat) {
  const at::Tensor on_host = flat.cpu();
  writer.add(name, bytes_of(on_host));
}

void restore_flat(const Checkpoint& checkpoint, const std::string& name, at::Tensor flat) {
  const std::string bytes = read_file(checkpoint.folder / name);
  const size_t expected = size_t(flat.numel()) * sizeof(float);
  check_input(bytes.size() == expected, (checkpoint.folder / name).string(), ": ", bytes.size(),
              " bytes, expected ", expected);
  at::Tensor on_host = at::empty({flat.numel()}, at::kFloat);
  std::memcpy(on_host.data_ptr<float>(), bytes.data(), bytes.size());
  flat.copy_(on_host);
}

void save_trainer(CheckpointWriter& writer, Trainer& trainer, const std::filesystem::path& tokenizer_folder) {
  save_model(writer.folder(), trainer.policy().config(), trainer.policy().flat(),
             {"float32", tokenizer_folder});
  save_flat(writer, "optimizer_moment1.bin", trainer.optimizer().moment1());
  save_flat(writer, "optimizer_moment2.bin", trainer.optimizer().moment2());
}

void restore_trainer(const Checkpoint& checkpoint, Trainer& trainer) {
  trainer.policy().flat().copy_(load_model(checkpoint.folder).flat);
  trainer.policy().weights_changed();
  restore_flat(checkpoint, "optimizer_moment1.bin", trainer.optimizer().moment1());
  restore_flat(checkpoint, "optimizer_moment2.bin", trainer.optimizer().moment2());
  trainer.optimizer().set_num_steps(checkpoint.state.at("optimizer_steps").get<int64_t>());
}

}  // namespace hone
