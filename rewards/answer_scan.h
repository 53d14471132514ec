// The places where answers stand, one function a way of writing them. Each is linear in the text, whatever the text is; each
// returns trimmed, non-empty views of `text`, in order.
#pragma once

#include <string_view>
#include <vector>

namespace hone {

/// Between `open` and the next `close`.
std::vector<std::string_view> scan_blocks(std::string_view text, std::string_view open,
                                          std::string_view close);

/// \boxed{..} and \fbox{..} with balanced braces (outermost; a box that holds only a box is unwrapped), \boxed 5.
std::vector<std::string_view> scan_boxes(std::string_view text);

/// The rest of the line after "####".
std::vector<std::string_view> scan_hashes(std::string_view text);

/// After "Answer:", "The answer is", "final answer:" and the Chinese, Japanese and Korean for it, to the end of the sentence or line.
std::vector<std::string_view> scan_phrases(std::string_view text);

/// The last $..$, $$..$$, \(..\) or \[..\]; at most one.
std::vector<std::string_view> last_latex(std::string_view text);

/// The last number, with its sign, thousands commas and decimals; at most one.
std::vector<std::string_view> last_number(std::string_view text);

/// Without what decorates an answer: white space, **bold**, one pair of $ or \( \), a full stop at the end.
std::string_view undecorated(std::string_view text);

}  // namespace hone
