// The JSON of a WebSocket client's frame.

#include <simdjson.h>

#include "runtime/core/wire/client_frame.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace flipsync;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::input in{data, size};
  wire::client_frame frame;
  const auto read = wire::parse_client_frame(in.rest(), frame);
  if (!read) {
    fuzz::require(read.error().code == errc::invalid_request, "a bad frame is the client's fault");
    fuzz::require(!read.error().detail("field").empty(), "the error names a field");
  }
  // Whatever came, what answers it is JSON with the client's own id.
  const simdjson::padded_string answer{
    wire::error_frame(read ? error{errc::not_found, "none"} : read.error(), frame.id)};
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  fuzz::require(parser.parse(answer).get(object) == simdjson::SUCCESS, "an error frame is JSON");
  fuzz::require(frame.id.empty() == (object["id"].error() != simdjson::SUCCESS),
                "an error frame has the id that was sent");
  if (read && frame.kind == wire::frame_kind::message)
    fuzz::require(frame.request.tenant == "default", "a frame never sets what only a door may set");
  return 0;
}
