// A field of a row that a rule can't do without.
#pragma once

#include <string>

#include "core/types.h"

namespace hone {

/// InputError if the row lacks it or it is null: "math: the row has no "answer"". Part of the row.
const Json& require_field(const Json& row, const std::string& field, const char* rule);

}  // namespace hone
