// Each option of the math rule, and options together: what each of them lets through and what it still stops.
#include <gtest/gtest.h>

#include "tests/rewards/score_helper.h"

namespace hone {
namespace {

struct OptionCase {
  const char* options;  // JSON, without braces
  const char* gold;
  const char* answer;
  bool by_default, with_option;
};

class MathOptionsTable : public ::testing::TestWithParam<OptionCase> {};

bool is_paid(const std::string& options, const std::string& gold, const std::string& answer) {
  const std::string rule = R"({"rule": "math")" + (options.empty() ? "" : ", " + options) + "}";
  return score(rule, {.completion = "\\boxed{" + answer + "}", .row = {{"answer", gold}}}).value == 1;
}

TEST_P(MathOptionsTable, AcceptsAndRejects) {
  const OptionCase& c = GetParam();
  EXPECT_EQ(is_paid("", c.gold, c.answer), c.by_default) << c.gold << "   " << c.answer;
  EXPECT_EQ(is_paid(c.options, c.gold, c.answer), c.with_option)
      << c.options << "   " << c.gold << "   " << c.answer;
}

constexpr const char* kExact = R"("rounded_digits": 0)";
constexpr const char* kFive = R"("rounded_digits": 5)";
constexpr const char* kSign = R"("percent_is_fraction": false)";
constexpr const char* kIgnored = R"("units": "ignore")";
constexpr const char* kRequired = R"("units": "require")";
constexpr const char* kUnordered = R"("unordered_tuples": true)";
constexpr const char* kBaseless = R"("base_required": false)";
constexpr const char* kLenient =
    R"("units": "ignore", "unordered_tuples": true, "base_required": false, "percent_is_fraction": false)";
constexpr const char* kStrict = R"("units": "require", "rounded_digits": 0)";

INSTANTIATE_TEST_SUITE_P(Decimals, MathOptionsTable,
                         ::testing::Values(OptionCase{kExact, "\\frac13", "0.333", true, false},
                                           OptionCase{kExact, "\\pi", "3.14159", true, false},
                                           OptionCase{kExact, "\\frac14", "0.25", true, true},
                                           OptionCase{kExact, "\\frac13", "0.\\overline{3}", true, true},
                                           OptionCase{kExact, "\\frac13", "0.334", false, false},
                                           OptionCase{kFive, "\\frac13", "0.333", true, false},
                                           OptionCase{kFive, "\\frac13", "0.33333", true, true},
                                           OptionCase{kFive, "\\frac13", "0.33334", false, false}));

INSTANTIATE_TEST_SUITE_P(Percent, MathOptionsTable,
                         ::testing::Values(OptionCase{kSign, "27\\%", "27", false, true},
                                           OptionCase{kSign, "27", "27\\%", false, true},
                                           OptionCase{kSign, "27\\%", "27\\%", true, true},
                                           OptionCase{kSign, "27\\%", "0.27", true, false},
                                           OptionCase{kSign, "27\\%", "28", false, false}));

INSTANTIATE_TEST_SUITE_P(Units, MathOptionsTable,
                         ::testing::Values(OptionCase{kIgnored, "5\\text{ cm}", "5 m", false, true},
                                           OptionCase{kIgnored, "5\\text{ cm}", "6 cm", false, false},
                                           OptionCase{kIgnored, "5\\text{ cm}", "5", true, true},
                                           OptionCase{kIgnored, "\\$5", "5 euros", false, true},
                                           OptionCase{kRequired, "5\\text{ cm}", "5", true, false},
                                           OptionCase{kRequired, "5\\text{ cm}", "5 cm", true, true},
                                           OptionCase{kRequired, "5\\text{ cm}", "50 mm", true, true},
                                           OptionCase{kRequired, "5\\text{ cm}", "5 mm", false, false}));

INSTANTIATE_TEST_SUITE_P(Order, MathOptionsTable,
                         ::testing::Values(OptionCase{kUnordered, "(1,2,3)", "(3,1,2)", false, true},
                                           OptionCase{kUnordered, "(1,2,3)", "(3,1,1)", false, false},
                                           OptionCase{kUnordered, "(1,1,2)", "(1,2,2)", false, false},
                                           OptionCase{kUnordered, "(1,2,3)", "(1,2)", false, false},
                                           OptionCase{kUnordered, "(1,2)", "(1,2)", true, true}));

INSTANTIATE_TEST_SUITE_P(Bases, MathOptionsTable,
                         ::testing::Values(OptionCase{kBaseless, "1101_2", "1101", false, true},
                                           OptionCase{kBaseless, "1101_2", "1101_2", true, true},
                                           OptionCase{kBaseless, "1101_2", "1101_3", false, false},
                                           OptionCase{kBaseless, "1101_2", "13", false, false}));

INSTANTIATE_TEST_SUITE_P(Together, MathOptionsTable,
                         ::testing::Values(OptionCase{kLenient, "27\\%", "27", false, true},
                                           OptionCase{kLenient, "5\\text{ cm}", "5 m", false, true},
                                           OptionCase{kLenient, "(1,2,3)", "(2,3,1)", false, true},
                                           OptionCase{kLenient, "1101_2", "1101", false, true},
                                           OptionCase{kLenient, "(1,2,3)", "(2,3,2)", false, false},
                                           OptionCase{kLenient, "5\\text{ cm}", "-5 m", false, false},
                                           OptionCase{kStrict, "\\frac13\\text{ m}", "0.333 m", true, false},
                                           OptionCase{kStrict, "\\frac13\\text{ m}", "\\frac13", true, false},
                                           OptionCase{kStrict, "\\frac13\\text{ m}", "\\frac13 m", true,
                                                      true}));

}  // namespace
}  // namespace hone
