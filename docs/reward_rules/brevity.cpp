// Pays the shortest right completion of its group: a rule that sees its whole group.
#include <hone_reward_v1.h>

#include <stdexcept>
#include <string>

class Brevity {
 public:
  explicit Brevity(const hone_reward::Object& options) : bonus_(options.number("bonus", 0.5)) {
    if (bonus_ < 0) throw std::runtime_error("\"bonus\" is negative");
  }

  hone_reward::Verdict score(const hone_reward::Input& input) const {
    const std::string gold(input.row().require("answer"));  // a row without one stops the run
    size_t shortest = SIZE_MAX;
    for (size_t i = 0; i < input.group_size(); ++i) {
      const std::string_view text = input.member(i).text;
      if (is_right(text, gold) && text.size() < shortest) shortest = text.size();
    }
    const std::string_view text = input.completion().text;
    const bool paid = is_right(text, gold) && text.size() == shortest;
    return {paid ? bonus_ : 0.0, "{\"bytes\": " + std::to_string(text.size()) + "}"};
  }

 private:
  static bool is_right(std::string_view text, const std::string& gold) {
    return text.find("<answer> " + gold + " </answer>") != std::string_view::npos;
  }
  double bonus_;
};

HONE_REWARD_RULE(Brevity)
