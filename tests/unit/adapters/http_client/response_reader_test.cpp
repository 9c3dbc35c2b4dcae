#include "adapters/http_client/response_reader.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <utility>
#include <vector>

#include "adapters/http_client/exchange.hpp"
#include "tests/unit/adapters/http_client/gzipped.hpp"
#include "tests/unit/adapters/http_client/recording_observer.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using http::response_reader;
using state = response_reader::state;

namespace {

struct reading {
  std::shared_ptr<recording_observer> seen = std::make_shared<recording_observer>();
  std::shared_ptr<http::exchange> of;
  response_reader reader;
  state last = state::more;

  explicit reading(exchange_request request = {}) {
    const bool head = request.method == "HEAD";
    of = std::make_shared<http::exchange>(std::move(request), seen,
                                          std::make_shared<http::mailbox>([] {}));
    reader.begin(*of, head);
  }
  state read(std::string_view bytes) { return last = reader.read(bytes); }
  /// What is left once a response is whole is not read.
  state read_by(std::size_t piece, std::string_view bytes) {
    for (std::size_t at = 0; at < bytes.size() && last == state::more; at += piece)
      read(bytes.substr(at, piece));
    return last;
  }
};

const std::string with_length =
  "HTTP/1.1 200 OK\r\nContent-Length: 11\r\nX-More:  a b \r\n\r\nhello world";
const std::string in_chunks =
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
  "6;name=value\r\nhello \r\n1\r\nw\r\n4\r\norld\r\n0\r\nX-Trailer: no\r\n\r\n";
const std::string after_interim =
  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX-More: "
  "wrong\r\n\r\n"
  + with_length;

std::string packed_response() {
  const auto packed = gzipped("hello world");
  return "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
         + std::to_string(packed.size()) + "\r\n\r\n" + packed;
}

} // namespace

TEST_CASE("a response is read the same wherever its bytes are cut") {
  for (const auto& text : {with_length, in_chunks, after_interim, packed_response()})
    for (std::size_t piece = 1; piece <= text.size(); ++piece) {
      CAPTURE(text, piece);
      reading one;
      const auto ended = one.read_by(piece, text);
      CAPTURE(one.reader.failure().detail("reason"));
      REQUIRE(ended == state::whole);
      CHECK(one.reader.keeps());
      CHECK(one.seen->head().status == 200);
      CHECK(one.seen->body() == "hello world");
      CHECK(one.seen->head().header("x-trailer").empty());
      if (text != in_chunks && text != packed_response())
        CHECK(one.seen->head().header("x-more") == "a b");
    }
}

TEST_CASE("one reader reads one response after the other") {
  reading one;
  REQUIRE(one.read(with_length) == state::whole);
  reading next;
  one.reader.begin(*next.of, false);
  CHECK(one.reader.read("HTTP/1.1 204 No Content\r\n\r\n") == state::whole);
  CHECK(one.reader.keeps());
  CHECK(next.seen->head().status == 204);
  CHECK(next.seen->head().header("x-more").empty());
  CHECK(next.seen->body().empty());
}

TEST_CASE("whether a connection can be used again is the response's to say") {
  const auto keeps = [](const std::string& text) {
    reading one;
    REQUIRE(one.read(text) == state::whole);
    return one.reader.keeps();
  };
  CHECK(keeps("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
  CHECK_FALSE(keeps("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"));
  CHECK_FALSE(keeps("HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n"));
  CHECK(keeps("HTTP/1.0 200 OK\r\ncontent-length: 0\r\nconnection: keep-alive\r\n\r\n"));
  CHECK_FALSE(keeps("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nand more"));
}

TEST_CASE("a body without length ends with its connection, any other is cut by that") {
  reading open;
  CHECK(open.read("HTTP/1.1 200 OK\r\n\r\nhello") == state::more);
  CHECK(open.reader.end_of_input() == state::whole);
  CHECK_FALSE(open.reader.keeps());
  CHECK(open.seen->body() == "hello");
  for (const auto& [begun, where] :
       {std::pair{"", "connect"}, std::pair{"HTTP/1.1 2", "head"},
        std::pair{"HTTP/1.1 200 OK\r\ncontent-", "head"},
        std::pair{"HTTP/1.1 100 Continue\r\n\r\n", "head"},
        std::pair{"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhell", "body"},
        std::pair{"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n", "body"},
        std::pair{"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5", "body"}}) {
    CAPTURE(begun);
    reading cut;
    if (*begun != '\0')
      REQUIRE(cut.read(begun) == state::more);
    CHECK(cut.reader.end_of_input() == state::failed);
    CHECK(cut.reader.failure().code == errc::provider_unavailable);
    CHECK(cut.reader.failure().detail("phase") == where);
  }
}

TEST_CASE("what is no HTTP/1.1, or too much of it, is malformed") {
  const std::string long_line(70'000, 'x');
  for (const std::string& text :
       {std::string{"SSH-2.0-OpenSSH_9.2\r\n\r\n"}, std::string{"HTTP/2 200 OK\r\n\r\n"},
        std::string{"HTTP/1.1 abc OK\r\n\r\n"}, std::string{"HTTP/1.1 200 OK\r\nno colon\r\n\r\n"},
        std::string{"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n"},
        std::string{"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n"},
        std::string{"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n"},
        std::string{"HTTP/1.1 200 OK\r\ncontent-encoding: br\r\ncontent-length: 1\r\n\r\nx"},
        std::string{"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nwhat"},
        "HTTP/1.1 200 OK\r\nx: " + long_line, "HTTP/1.1 200 OK\r\nx: " + long_line + "\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;" + long_line}) {
    CAPTURE(text.substr(0, 60));
    reading one;
    CHECK(one.read_by(1000, text) == state::failed);
    CHECK(one.reader.failure().code == errc::malformed_reply);
  }
}

TEST_CASE("a packed body that is cut is malformed although its length was right") {
  const auto packed = gzipped("hello world");
  reading one;
  CHECK(one.read("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: "
                 + std::to_string(packed.size() - 4) + "\r\n\r\n"
                 + packed.substr(0, packed.size() - 4))
        == state::failed);
  CHECK(one.reader.failure().code == errc::malformed_reply);
}

TEST_CASE("a packed body counts by what it unpacks to") {
  exchange_request request;
  request.max_response_bytes = 100'000;
  reading one{request};
  const auto packed = gzipped(std::string(1'000'000, 'x'));
  CHECK(one.read("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: "
                 + std::to_string(packed.size()) + "\r\n\r\n" + packed)
        == state::failed);
  CHECK(one.reader.failure().code == errc::malformed_reply);
  CHECK(one.reader.failure().detail("limit") == "size");
  CHECK(one.seen->body().size() <= 100'000);
}
