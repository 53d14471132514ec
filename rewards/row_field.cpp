#include "rewards/row_field.h"

#include "core/error.h"

namespace hone {

const Json& require_field(const Json& row, const std::string& field, const char* rule) {
  const auto found = row.find(field);
  check_input(found != row.end() && !found->is_null(), rule, ": the row has no \"", field, "\"");
  return *found;
}

}  // namespace hone
