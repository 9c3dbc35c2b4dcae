// The JSON of a turn request (every chat route's body).

#include "runtime/core/wire/json.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace flipsync;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::input in{data, size};
  const auto request = wire::parse_turn_request(in.rest());
  if (!request) {
    fuzz::require(request.error().code == errc::invalid_request, "bad JSON is the caller's fault");
    fuzz::require(!request.error().detail("field").empty(), "the error names a field");
    return 0;
  }
  const auto valid = validate(*request);
  if (!valid)
    fuzz::require(!valid.error().detail("field").empty(), "a value out of range is named");
  fuzz::require(request->tenant == "default" && request->request_id.empty(),
                "a body never sets what only a door may set");
  return 0;
}
