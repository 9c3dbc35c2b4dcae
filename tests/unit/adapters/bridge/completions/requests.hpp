#pragma once
/// Requests for the tests of reading.

#include <catch2/catch_test_macros.hpp>

#include <string>

#include "adapters/bridge/completions/chat_request.hpp"

namespace flipsync::completions::testing {

/// A request whose members beside model and messages are `more` (", \"n\": 1").
inline std::string with(const std::string& more) {
  return R"({"model":"m","messages":[{"role":"user","content":"hello"}])" + more + '}';
}

inline std::string with_messages(const std::string& messages) {
  return R"({"model":"m","messages":)" + messages + '}';
}

inline chat_request read(const std::string& json) {
  auto parsed = parse_chat_request(json);
  INFO(json << "\n" << (parsed ? std::string{} : parsed.error().message));
  REQUIRE(parsed.has_value());
  return std::move(*parsed);
}

/// The field that is named; "none" where the request is sound.
inline std::string refused(const std::string& json) {
  const auto parsed = parse_chat_request(json);
  if (parsed)
    return "none";
  CHECK(parsed.error().code == errc::invalid_request);
  return std::string{parsed.error().detail("field")};
}

} // namespace flipsync::completions::testing
