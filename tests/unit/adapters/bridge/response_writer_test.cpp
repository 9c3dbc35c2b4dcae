#include "adapters/bridge/response_writer.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

namespace {

bool has(const response_writer& out, std::string_view text) {
  return out.output().find(text) != std::string::npos;
}

response_head plain() {
  response_head head;
  head.content_type = "text/plain";
  head.request_id = "r1";
  return head;
}

} // namespace

TEST_CASE("a body's length is filled in behind it") {
  response_writer out;
  out.begin_body(plain()) += "hello";
  out.end_body(true);
  CHECK(out.output().starts_with("HTTP/1.1 200 OK\r\nDate: "));
  CHECK(has(out, "\r\nContent-Type: text/plain\r\nX-Request-Id: r1\r\n"));
  CHECK(has(out, "\r\nContent-Length:        5\r\n\r\nhello"));
  CHECK(has(out, "Cache-Control: no-store\r\n"));
  CHECK_FALSE(has(out, "Connection: "));
}

TEST_CASE("a head that was written early is given the present time, and nothing else changes") {
  response_writer out;
  out.begin_body(plain()) += "Date: in the body";
  out.end_body(true);
  const auto before = out.output();
  constexpr std::string_view mark = "\r\nDate: ";
  const auto at = before.find(mark) + mark.size();
  out.output().replace(at, 3, "Xyz");
  out.redate();
  // A second may have passed in between.
  CHECK(out.output().size() == before.size());
  CHECK(out.output().substr(0, at) == before.substr(0, at));
  CHECK(out.output().substr(at, 3) != "Xyz");
  CHECK(out.output().substr(at + 29) == before.substr(at + 29));
}

TEST_CASE("a body that is not shown still tells its length") {
  response_writer out;
  out.begin_body(plain()) += std::string(1234, 'x');
  out.end_body(false);
  CHECK(has(out, "Content-Length:     1234\r\n\r\n"));
  CHECK(out.output().ends_with("\r\n\r\n"));
}

TEST_CASE("a second response follows the first") {
  response_writer out;
  out.begin_body(plain()) += "one";
  out.end_body(true);
  const auto first = out.output().size();
  auto head = plain();
  head.status = 204;
  out.no_body(head);
  CHECK(out.output().substr(first).starts_with("HTTP/1.1 204 No Content\r\n"));
  CHECK(out.output().ends_with("\r\n\r\n"));
}

TEST_CASE("a file's own word on caching stands") {
  response_writer out;
  auto head = plain();
  head.more = "Cache-Control: max-age=60\r\n";
  out.no_body(head);
  CHECK(has(out, "Cache-Control: max-age=60\r\n"));
  CHECK_FALSE(has(out, "no-store"));
}

TEST_CASE("the head says whether the connection goes on") {
  response_writer closing;
  auto head = plain();
  head.keep = false;
  closing.no_body(head);
  CHECK(has(closing, "Connection: close\r\n"));
  response_writer old;
  head.keep = true;
  head.http_1_1 = false;
  old.no_body(head);
  CHECK(has(old, "Connection: keep-alive\r\n"));
}

TEST_CASE("a stream goes out in chunks") {
  response_writer out;
  out.begin_stream(plain());
  CHECK(has(out, "Transfer-Encoding: chunked\r\n\r\n"));
  out.piece(std::string(17, 'x'));
  out.end_stream();
  CHECK(out.output().ends_with("\r\n\r\n11\r\n" + std::string(17, 'x') + "\r\n0\r\n\r\n"));
}

TEST_CASE("a client of HTTP/1.0 gets its stream as it is") {
  response_writer out;
  auto head = plain();
  head.http_1_1 = false;
  head.keep = false;
  out.begin_stream(head);
  out.piece("data: x\n\n");
  out.end_stream();
  CHECK_FALSE(has(out, "chunked"));
  CHECK(out.output().ends_with("\r\n\r\ndata: x\n\n"));
}
