#pragma once
/// What is asked of a provider beside answers: whether it is there, and which models it has.

#include <functional>
#include <memory>

#include "adapters/providers/common/codec.hpp"
#include "adapters/providers/common/provider_settings.hpp"

namespace flipsync::providers {

/// Sets the settings' limits, each at most `total`.
void limit(exchange_request& exchange, const provider_timeouts& limits,
           std::chrono::milliseconds total);

struct side_desk {
  provider_settings settings;
  std::shared_ptr<const provider_codec> codec;
  std::shared_ptr<byte_exchange> http;
};

/// `done` once, on the exchange's thread; its error names the provider. With that key, from 0.
void ask_check(const side_desk& desk, std::uint32_t key, std::chrono::milliseconds timeout,
               std::function<void(result<void>)> done);

/// The same with the first key that is neither refused nor limited, all within `timeout`; the error
/// is the last key's.
void ask_check_any(const side_desk& desk, std::chrono::milliseconds timeout,
                   std::function<void(result<void>)> done);

/// With the first key that is neither refused nor limited, page after page, all within `timeout`;
/// at most 50 pages, then it is malformed_reply.
void ask_models(const side_desk& desk, std::chrono::milliseconds timeout,
                std::function<void(result<std::vector<std::string>>)> done);

} // namespace flipsync::providers
