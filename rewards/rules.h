// The factories behind make_rule(), one a rule. Each reads its own options and documents them where it is defined.
#pragma once

#include <memory>

#include "rewards/rule.h"

namespace hone {

std::unique_ptr<Rule> make_accuracy_rule(Fields options);
std::unique_ptr<Rule> make_choice_rule(Fields options);
std::unique_ptr<Rule> make_code_rule(Fields options);
std::unique_ptr<Rule> make_cosine_rule(Fields options);
std::unique_ptr<Rule> make_countdown_rule(Fields options);
std::unique_ptr<Rule> make_exact_match_rule(Fields options);
std::unique_ptr<Rule> make_format_rule(Fields options);
std::unique_ptr<Rule> make_json_schema_rule(Fields options);
std::unique_ptr<Rule> make_language_consistency_rule(Fields options);
std::unique_ptr<Rule> make_length_rule(Fields options);
std::unique_ptr<Rule> make_math_rule(Fields options);
std::unique_ptr<Rule> make_native_rule(Fields options);
std::unique_ptr<Rule> make_overlong_rule(Fields options);
std::unique_ptr<Rule> make_pattern_rule(Fields options);
std::unique_ptr<Rule> make_process_rule(Fields options);
std::unique_ptr<Rule> make_reasoning_steps_rule(Fields options);
std::unique_ptr<Rule> make_repetition_rule(Fields options);
std::unique_ptr<Rule> make_tag_count_rule(Fields options);

}  // namespace hone
