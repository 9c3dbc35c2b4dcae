// The JSON of a request for chat completions.

#include "adapters/bridge/completions/chat_request.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace flipsync;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::input in{data, size};
  const auto request = completions::parse_chat_request(in.rest());
  if (!request) {
    fuzz::require(request.error().code == errc::invalid_request, "bad JSON is the caller's fault");
    fuzz::require(!request.error().detail("field").empty(), "the error names a field");
    return 0;
  }
  fuzz::require(!request->model.empty() && !request->ask.messages.empty(), "nothing is missing");
  const auto turn = completions::agent_turn(*request);
  if (!turn) {
    fuzz::require(!turn.error().detail("field").empty(), "what no agent understands is named");
    return 0;
  }
  fuzz::require(!turn->kept && turn->tenant == "default" && turn->request_id.empty(),
                "a body never sets what only a door may set");
  const auto valid = validate(*turn);
  if (!valid)
    fuzz::require(!valid.error().detail("field").empty(), "a value out of range is named");
  return 0;
}
