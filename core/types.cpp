#include "core/types.h"

#include "core/error.h"

namespace hone {

const char* to_string(FinishReason reason) {
  switch (reason) {
    case FinishReason::kStop:
      return "stop";
    case FinishReason::kLength:
      return "length";
    case FinishReason::kCancelled:
      return "cancelled";
  }
  throw Error("finish reason out of range");
}

}  // namespace hone
