// `hone report`: writes a run's report.html again.
#include "rl/report.h"

#include <filesystem>
#include <ostream>

#include "cli/commands.h"
#include "core/error.h"

namespace hone {

int run_report(const std::string& run, Console console) {
  check_input(std::filesystem::exists(std::filesystem::path(run) / "recipe.json"), run,
              ": no recipe.json here; expected a run's folder");
  console.out << write_report(run).string() << "\n";
  return 0;
}

}  // namespace hone
