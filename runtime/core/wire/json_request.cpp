/// Reads a turn request (API.md: turn request).

#include "runtime/core/wire/json.hpp"
#include "runtime/core/wire/json_input.hpp"
#include "runtime/core/wire/request_reader.hpp"

namespace flipsync::wire {

result<turn_request> parse_turn_request(std::string_view json) {
  auto body = parse_object(json, "body");
  if (!body)
    return body.error();
  request_reader reader;
  for (const auto [name, value] : *body)
    if (auto done = reader.member(name, value); !done)
      return done.error();
  return std::move(reader.request());
}

} // namespace flipsync::wire
