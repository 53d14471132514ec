// TensorBoard's event files, as far as curves need: one record holds the scalars of one step.
//
//   record = length (8 bytes) masked_crc32c(length) (4) event (length bytes) masked_crc32c(event) (4), little-endian
//   event  = protocol buffer tensorflow.Event: wall_time = 1, step = 2, file_version = 3 or summary = 5
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hone {

/// The record that an event file begins with. `wall_time` is in seconds since 1970.
std::string event_file_header(double wall_time);

/// The record of `scalars` (tag, value) at `step`.
std::string scalar_record(double wall_time, int64_t step,
                          const std::vector<std::pair<std::string, float>>& scalars);

/// CRC-32C (Castagnoli), rotated and offset as records hold it.
uint32_t masked_crc32c(std::string_view bytes);

}  // namespace hone
