// A provider's HTTP responses as they come off a socket, in one piece and in two.

#include <memory>
#include <string>

#include "adapters/http_client/exchange.hpp"
#include "adapters/http_client/response_reader.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace flipsync;
using http::response_reader;
using state = response_reader::state;

namespace {

constexpr std::size_t max_body = 4096;

struct noted : exchange_observer {
  std::string text;
  std::size_t body = 0;
  int heads = 0;

  void on_head(const exchange_head& head) override {
    ++heads;
    text += std::to_string(head.status);
    for (const auto& [name, value] : head.headers)
      text += '\n' + name + '=' + value;
  }
  bool on_chunk(std::string_view bytes) override {
    body += bytes.size();
    text += bytes;
    return true;
  }
  void on_finished(const result<void>&) override {}
};

struct outcome {
  state ended = state::more;
  bool keeps = false;
  std::string text;
};

outcome read_all(std::string_view first, std::string_view second, bool bodiless) {
  const auto seen = std::make_shared<noted>();
  exchange_request request;
  request.max_response_bytes = max_body;
  const auto of =
    std::make_shared<http::exchange>(request, seen, std::make_shared<http::mailbox>([] {}));
  response_reader reader;
  reader.begin(*of, bodiless);
  outcome out;
  for (const auto piece : {first, second})
    if (out.ended == state::more && !piece.empty())
      out.ended = reader.read(piece);
  if (out.ended == state::more)
    out.ended = reader.end_of_input();
  fuzz::require(out.ended != state::more, "a response ends with its connection at the latest");
  fuzz::require(seen->heads <= 1, "there is one head");
  fuzz::require(seen->body <= max_body, "a body is within its limit");
  if (out.ended == state::whole) {
    fuzz::require(seen->heads == 1, "what is whole has a head");
    out.keeps = reader.keeps();
    out.text = seen->text;
  } else {
    fuzz::require(reader.failure().code != errc::none, "what fails says why");
  }
  return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  const bool bodiless = in.choose(8) == 7;
  const auto cut = in.choose(256);
  const auto bytes = in.rest();
  const auto at = bytes.empty() ? 0 : cut * bytes.size() / 256;
  const auto whole = read_all(bytes, {}, bodiless);
  const auto split = read_all(bytes.substr(0, at), bytes.substr(at), bodiless);
  fuzz::require(whole.ended == split.ended, "a response ends the same wherever it is cut");
  fuzz::require(whole.text == split.text, "it says the same wherever it is cut");
  // What follows a response may come too late to be seen.
  fuzz::require(!whole.keeps || split.keeps,
                "a connection that is kept is kept wherever it is cut");
  return 0;
}
