// JSON and values: the context comes in, the filter `tojson` goes out. transformers' tojson is
// json.dumps(ensure_ascii=False), not Jinja's own that escapes HTML.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "model/jinja_run.h"

namespace hone {

using OrderedJson = nlohmann::ordered_json;

/// `json` as a value; keys keep their order. Integers beyond 64 bits fail.
JinjaValue jinja_from_json(JinjaRun& run, const OrderedJson& json);

/// json.dumps(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False).
JinjaValue jinja_to_json(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args);

}  // namespace hone
