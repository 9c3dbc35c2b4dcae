#pragma once
/// The names by which a request is found again: its id and its caller's trace context.

#include <cstdint>
#include <string>
#include <string_view>

namespace flipsync {

/// W3C trace context, version 00: 00-<32 hex>-<16 hex>-<2 hex>; later versions may be longer.
[[nodiscard]] bool is_traceparent(std::string_view text) noexcept;

/// 1 to 128 characters that may be echoed in a header and written to a log as they are.
[[nodiscard]] bool is_request_id(std::string_view text) noexcept;

/// 16 hexadecimal digits; `state` is the generator's, and none comes twice from one.
[[nodiscard]] std::string mint_request_id(std::uint64_t& state);

} // namespace flipsync
