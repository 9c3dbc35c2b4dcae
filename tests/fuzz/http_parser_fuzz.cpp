// HTTP requests as they come off a socket, in one piece and in two.

#include <string>
#include <vector>

#include "adapters/bridge/http_parser.hpp"
#include "adapters/bridge/routes.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace flipsync;

namespace {

using requests = std::vector<std::string>;

/// Feeds bytes as a connection does: what is not consumed stays in front of what comes next.
requests read_all(std::string_view first, std::string_view second) {
  constexpr std::size_t max_header = 2048;
  constexpr std::size_t max_body = 4096;
  requests out;
  http_parser parser{max_header, max_body};
  std::string pending;
  for (const auto piece : {first, second}) {
    pending += piece;
    for (;;) {
      const auto step = parser.feed(pending);
      fuzz::require(step.consumed <= pending.size(), "no more is consumed than there was");
      pending.erase(0, step.consumed);
      if (step.what == http_parser::outcome::failed) {
        fuzz::require(step.status >= 400 && step.status < 600, "a refusal has a status");
        return out;
      }
      const auto& request = parser.request();
      if (step.what == http_parser::outcome::header)
        match_route(request.method, request.target);
      if (step.what == http_parser::outcome::done) {
        fuzz::require(request.body.size() <= max_body, "a body is within its limit");
        out.push_back(request.target + '\n' + request.body);
        parser.reset();
      }
      if (step.what == http_parser::outcome::more)
        break;
    }
  }
  return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  const auto cut = in.choose(256);
  const auto bytes = in.rest();
  const auto at = bytes.empty() ? 0 : cut * bytes.size() / 256;
  const auto whole = read_all(bytes, {});
  const auto split = read_all(bytes.substr(0, at), bytes.substr(at));
  // When a header that is not yet whole is found to be broken depends on the cut.
  fuzz::require(whole == split, "the same requests are read wherever the bytes are cut");
  return 0;
}
