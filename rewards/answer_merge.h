// What several finds of one kind mean: one answer that is said more than once, a list in parts, or answers that contradict each other.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace hone {

/// Whether all are the same, as text or as mathematics: "1/2" and "0.5", "840" twice.
bool all_agree(const std::vector<std::string_view>& found);

/// "\boxed{3} and \boxed{5}", "x = \boxed{3}, y = \boxed{5}": the boxes at the end that only commas, "and" and the like part, as one
/// view of `text` from the first to the last. Nothing if there are other boxes that say something else.
std::optional<std::string_view> joined_boxes(std::string_view text,
                                             const std::vector<std::string_view>& boxes);

}  // namespace hone
