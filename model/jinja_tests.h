// Tests: what may stand after `is`.
#pragma once

#include "model/jinja_filters.h"

namespace hone {

JinjaFilterTable jinja_tests();

}  // namespace hone
