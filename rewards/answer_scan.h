// The places where answers stand, one function a way of writing them. Each is linear in the text, whatever the text is, and looks
// at the last kMostFinds places only; each returns trimmed, non-empty views of `text`, in order.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace hone {

/// Of a text that says a thousand times what the answer is only the end counts, so that no text costs more than one pass over it.
inline constexpr size_t kMostFinds = 64;
/// Of a longer text boxes are read in so many bytes only: at its end, or around the last box if none stands there.
inline constexpr size_t kBoxBytes = size_t{256} * 1024;

/// A sentence that goes on for longer is read to the end of its line; white space before an answer is not longer.
inline constexpr size_t kLongestSentence = 4096;

/// What a scan did, counted for tests.
struct ScanWork {
  size_t bytes = 0;   // looked at one by one
  size_t places = 0;  // where an answer could begin
};

/// Between `open` and the next `close`.
std::vector<std::string_view> scan_blocks(std::string_view text, std::string_view open,
                                          std::string_view close, ScanWork* work = nullptr);

/// \boxed{..} and \fbox{..} with balanced braces (outermost; a box that holds only a box is unwrapped), \boxed 5.
std::vector<std::string_view> scan_boxes(std::string_view text, ScanWork* work = nullptr);

/// The rest of the line after "####".
std::vector<std::string_view> scan_hashes(std::string_view text, ScanWork* work = nullptr);

/// After "Answer:", "The answer is", "final answer:" and the Chinese, Japanese and Korean for it, to the end of the sentence or line.
std::vector<std::string_view> scan_phrases(std::string_view text, ScanWork* work = nullptr);

/// The last $..$, $$..$$, \(..\) or \[..\]; at most one.
std::vector<std::string_view> last_latex(std::string_view text, ScanWork* work = nullptr);

/// The last number, with its sign, thousands commas and decimals; at most one.
std::vector<std::string_view> last_number(std::string_view text, ScanWork* work = nullptr);

/// Keeps `text`, trimmed, unless it is empty or a placeholder such as "..." or "answer".
void add_find(std::vector<std::string_view>& found, std::string_view text);

/// Without what decorates an answer: white space, **bold**, one pair of $ or \( \), a full stop at the end.
std::string_view undecorated(std::string_view text);

}  // namespace hone
