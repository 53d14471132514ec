// The list of task families.
#include "datasets/task.h"

#include "datasets/families.h"

namespace hone {

std::unique_ptr<Task> make_task(Fields options) {
  const std::string name =
      options.one_of("task", "countdown",
                     {"countdown", "drills", "chain_sum", "number_sorting", "base_conversion", "parity"});
  if (name == "drills") return make_drills(options);
  if (name == "chain_sum") return make_chain_sum(options);
  if (name == "number_sorting") return make_number_sorting(options);
  if (name == "base_conversion") return make_base_conversion(options);
  if (name == "parity") return make_parity(options);
  return make_countdown(options);
}

}  // namespace hone
