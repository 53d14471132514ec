#include "cli/model_session.h"

#include <ostream>

#include "core/error.h"
#include "cuda_ext/device.h"
#include "cuda_ext/parallel.h"
#include "model/model_folder.h"

namespace hone {

ModelSession open_model(const std::filesystem::path& folder, const ComputeOptions& compute,
                        std::ostream& err) {
  check_input(std::filesystem::is_directory(folder), folder.string(),
              ": not a folder; expected a Hugging Face model folder");
  set_num_threads(compute.threads > 0 ? compute.threads : num_threads());
  const at::Device where = open_device(compute.device);
  const at::ScalarType products = products_on(where, compute.dtype, "--dtype");
  Model model = load_model(folder);
  err << folder.string() << ": " << model.speed.text() << std::endl;
  return {Decoder(std::move(model.config), model.flat.to(where), products), Tokenizer::load(folder)};
}

}  // namespace hone
