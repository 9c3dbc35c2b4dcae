#include "runtime/core/model/model_request.hpp"

namespace flipsync {

std::string_view to_string(chat_role r) noexcept {
  switch (r) {
  case chat_role::system:
    return "system";
  case chat_role::user:
    return "user";
  case chat_role::assistant:
    return "assistant";
  case chat_role::tool:
    return "tool";
  }
  return "unknown";
}

} // namespace flipsync
