// Sizes as users of transformers write them: "5GB", "300MiB", "1000".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hone {

/// Bytes. K, M, G and T are powers of 1000, Ki, Mi, Gi and Ti of 1024, in either case; nothing for anything else.
std::optional<uint64_t> parse_byte_size(std::string_view text);

}  // namespace hone
