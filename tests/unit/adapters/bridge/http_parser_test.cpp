#include "adapters/bridge/http_parser.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;
using outcome = http_parser::outcome;

namespace {

constexpr std::size_t header_limit = 1024;
constexpr std::size_t body_limit = 100;

struct parsed {
  outcome what = outcome::more;
  int status = 0;
  std::string rest; ///< not consumed
};

/// Feeds the text in pieces of `step` bytes, as a connection would.
parsed feed(http_parser& parser, std::string_view text, std::size_t step = 1'000'000) {
  parser.reset();
  std::string buffer;
  parsed result;
  while (result.what != outcome::done && result.what != outcome::failed) {
    const auto fed = parser.feed(buffer);
    buffer.erase(0, fed.consumed);
    result = {fed.what, fed.status, buffer};
    if (fed.what != outcome::more)
      continue;
    if (text.empty())
      break;
    buffer += text.substr(0, step);
    text.remove_prefix(std::min(step, text.size()));
  }
  result.rest += text;
  return result;
}

int status_of(std::string_view text) {
  http_parser parser{header_limit, body_limit};
  return feed(parser, text).status;
}

} // namespace

TEST_CASE("a request is the same however its bytes are cut") {
  const std::string text =
    "POST /a?b=c HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    "X-Request-Id: r1\r\nTraceparent: t\r\nContent-Encoding: gzip\r\n"
    "Content-Length: 5\r\n\r\nhelloGET";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    INFO(step);
    http_parser parser{header_limit, body_limit};
    const auto result = feed(parser, text, step);
    REQUIRE(result.what == outcome::done);
    CHECK(result.rest == "GET");
    const auto& r = parser.request();
    CHECK(r.method == http_method::post);
    CHECK(r.target == "/a?b=c");
    CHECK(r.http_1_1);
    CHECK(r.keep_alive);
    CHECK(r.hosts == 1);
    CHECK(r.content_type == "application/json");
    CHECK(r.request_id == "r1");
    CHECK(r.traceparent == "t");
    CHECK(r.content_encoding == "gzip");
    CHECK(r.body == "hello");
  }
}

TEST_CASE("a new parser is ready without a reset") {
  http_parser parser{header_limit, body_limit};
  CHECK(parser.feed("GET / HTTP/1.1\r\nHost: a\r\n\r\n").what == outcome::header);
}

TEST_CASE("a chunked body is put together, with extensions and trailers passed over") {
  const std::string text =
    "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3;a=b\r\nabc\r\n4\r\ndefg\r\n0\r\nX-Trailer: 1\r\n\r\nrest";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    INFO(step);
    http_parser parser{header_limit, body_limit};
    const auto result = feed(parser, text, step);
    REQUIRE(result.what == outcome::done);
    CHECK(parser.request().body == "abcdefg");
    CHECK(result.rest == "rest");
  }
}

TEST_CASE("what follows a chunked body does not act as a header") {
  http_parser parser{header_limit, body_limit};
  const auto result =
    feed(parser, "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "1\r\nx\r\n0\r\nIdempotency-Key: a\r\nTraceparent: t\r\nAuthorization: b\r\n"
                 "Host: other\r\nOrigin: o\r\nX-FlipSync-Cache: no\r\nExpect: tea\r\n\r\n");
  REQUIRE(result.what == outcome::done);
  const auto& r = parser.request();
  CHECK_FALSE(r.has_idempotency_key);
  CHECK(r.idempotency_key.empty());
  CHECK(r.traceparent.empty());
  CHECK(r.authorization.empty());
  CHECK(r.hosts == 1);
  CHECK(r.host == "localhost");
  CHECK(r.origin.empty());
  CHECK(r.cache_wish.empty());
  CHECK_FALSE(r.unknown_expectation);
  // Of the next request they are headers again.
  feed(parser, "GET / HTTP/1.1\r\nHost: localhost\r\nTraceparent: t\r\n\r\n");
  CHECK(parser.request().traceparent == "t");
}

TEST_CASE("a body that is framed in another way than by a length or in chunks is refused") {
  const auto with = [](const std::string& lines, const char* version = "1.1") {
    return status_of(std::string{"POST / HTTP/"} + version + "\r\nHost: localhost\r\n" + lines
                     + "\r\n0\r\n\r\n");
  };
  CHECK(with("Transfer-Encoding: Chunked \r\n") == 0);
  for (const auto* coding :
       {"gzip", "identity", "xchunked", "gzip, chunked", "chunked, gzip", "chunked;a=b", ""}) {
    INFO(coding);
    CHECK(with(std::string{"Transfer-Encoding: "} + coding + "\r\n") == 400);
  }
  CHECK(with("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n") == 400);
  CHECK(with("Transfer-Encoding: identity\r\nContent-Length: 5\r\n") == 400);
  CHECK(with("Transfer-Encoding: chunked\r\n", "1.0") == 400);
}

TEST_CASE("a second request knows nothing of the first") {
  http_parser parser{header_limit, body_limit};
  feed(parser, "POST /a HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx");
  REQUIRE(feed(parser, "GET /b HTTP/1.1\r\n\r\n").what == outcome::done);
  const auto& r = parser.request();
  CHECK(r.method == http_method::get);
  CHECK(r.target == "/b");
  CHECK(r.body.empty());
  CHECK(r.hosts == 0);
  CHECK_FALSE(r.expects_continue);
  CHECK(r.keep_alive);
}

TEST_CASE("connection options and expectations are understood") {
  http_parser parser{header_limit, body_limit};
  feed(parser, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
  CHECK_FALSE(parser.request().keep_alive);
  feed(parser, "GET / HTTP/1.0\r\n\r\n");
  CHECK_FALSE(parser.request().keep_alive);
  feed(parser, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(parser.request().keep_alive);
  feed(parser, "GET / HTTP/1.1\r\nExpect: 100-Continue\r\n\r\n");
  CHECK(parser.request().expects_continue);
  feed(parser, "GET / HTTP/1.1\r\nExpect: tea\r\n\r\n");
  CHECK(parser.request().unknown_expectation);
}

TEST_CASE("line and headers together may not exceed their limit, however they are spread") {
  const std::string one(header_limit, 'a');
  CHECK(status_of("GET /" + one + " HTTP/1.1\r\n\r\n") == 431);
  CHECK(status_of("GET / HTTP/1.1\r\nA: " + one + "\r\n\r\n") == 431);
  CHECK(status_of("GET /" + std::string(600, 'a') + " HTTP/1.1\r\nA: " + std::string(600, 'b')
                  + "\r\n\r\n")
        == 431);
  std::string many = "GET / HTTP/1.1\r\n";
  while (many.size() < header_limit)
    many += "A: 1\r\n";
  CHECK(status_of(many + "\r\n") == 431);
  CHECK(status_of("GET / HTTP/1.1\r\nA: " + std::string(900, 'b') + "\r\n\r\n") == 0);
  // Endless, and never a line's end.
  http_parser parser{header_limit, body_limit};
  CHECK(feed(parser, "GET /" + std::string(100'000, 'a'), 100).status == 431);
}

TEST_CASE("a body may not exceed its limit, declared or in chunks") {
  const std::string head = "POST / HTTP/1.1\r\n";
  CHECK(status_of(head + "Content-Length: 101\r\n\r\n") == 413);
  CHECK(status_of(head + "Content-Length: 100\r\n\r\n" + std::string(100, 'x')) == 0);
  CHECK(status_of(head + "Transfer-Encoding: chunked\r\n\r\n65\r\n") == 413);
  CHECK(status_of(head + "Transfer-Encoding: chunked\r\n\r\n40\r\n" + std::string(64, 'x')
                  + "\r\n40\r\n")
        == 413);
}

TEST_CASE("what is no HTTP, or is ambiguous about its length, is malformed") {
  for (const auto* text : {
         "\x16\x03\x01\x02",
         "GET\r\n\r\n",
         "GET / HTTP/2.0\r\n\r\n",
         "GET / HTTQ/1.1\r\n\r\n",
         "GET /a b HTTP/1.1\r\n\r\n",
         "GET / HTTP/1.1\r\nA\r\n\r\n",
         "GET / HTTP/1.1\r\n: a\r\n\r\n",
         "GET / HTTP/1.1\r\nA : b\r\n\r\n",
         "GET / HTTP/1.1\r\nA: \x01\r\n\r\n",
         "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
         "POST / HTTP/1.1\r\nContent-Length: 1x\r\n\r\n",
         "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
         "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
         "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
         "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
         "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
         "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabcdef\r\n\r\n",
       }) {
    INFO(text);
    CHECK(status_of(text) == 400);
  }
}

TEST_CASE("of a line that cannot be read the target is known all the same") {
  http_parser parser{header_limit, body_limit};
  const auto target_in = [&](const std::string& text, std::size_t step = 1'000'000) {
    CHECK(feed(parser, text, step).what == outcome::failed);
    return parser.request().target.substr(0, 6);
  };
  CHECK(target_in("GET /v1/ab HTTP/2.0\r\n\r\n") == "/v1/ab");
  CHECK(target_in("GET /v1/a HTTP/1.1\r\nA : b\r\n\r\n") == "/v1/a");
  CHECK(target_in("GET /v1/ab" + std::string(100'000, 'a'), 100) == "/v1/ab");
  CHECK(target_in("GET\r\n /v1/ab HTTP/1.1\r\n\r\n").empty());
  CHECK(target_in("\x16\x03\x01\x02").empty());
}

TEST_CASE("half a request is neither done nor wrong") {
  http_parser parser{header_limit, body_limit};
  CHECK(feed(parser, "GET / HT").what == outcome::more);
  CHECK(feed(parser, "GET / HTTP/1.1\r\nHost: localhost\r\n").what == outcome::more);
  CHECK(feed(parser, "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcd").what == outcome::more);
}

TEST_CASE("the end of a chunked body may come byte by byte, and twice the same") {
  http_parser parser{header_limit, body_limit};
  const std::string head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  REQUIRE(parser.feed(head).what == outcome::header);
  const std::string end = "0\r\n\r\n";
  for (const std::size_t bytes : {1, 2, 3, 3, 4, 4}) {
    const auto step = parser.feed(std::string_view{end}.substr(0, bytes));
    CHECK(step.what == outcome::more);
    CHECK(step.consumed == 0);
  }
  const auto step = parser.feed(end);
  CHECK(step.what == outcome::done);
  CHECK(step.consumed == end.size());
}
