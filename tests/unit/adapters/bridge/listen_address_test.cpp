#include "adapters/bridge/listen_address.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;
using namespace std::chrono_literals;

namespace {

error refused(const std::string& host, bool insecure = false) {
  bridge_settings settings;
  settings.host = host;
  settings.insecure = insecure;
  const auto found = listen_endpoint(settings);
  return found ? error{} : found.error();
}

template <class Fn>
std::string bad_field(Fn&& change) {
  bridge_settings settings;
  change(settings);
  const auto checked = validate(settings);
  return checked ? "" : std::string{checked.error().detail("field")};
}

} // namespace

TEST_CASE("loopback addresses need no permission") {
  for (const auto* host :
       {"127.0.0.1", "localhost", "127.0.0.9", "::1", "[::1]", "::ffff:127.0.0.1"}) {
    INFO(host);
    CHECK(refused(host).code == errc::none);
  }
}

TEST_CASE("an address that others reach needs the insecure flag") {
  for (const auto* host : {"0.0.0.0", "::", "192.168.1.2", "::ffff:10.0.0.1"}) {
    INFO(host);
    const auto why = refused(host);
    CHECK(why.code == errc::forbidden);
    CHECK(why.detail("field") == "host");
    CHECK(refused(host, true).code == errc::none);
  }
}

TEST_CASE("what is no address is refused by name") {
  for (const auto* host : {"", "example", "1.2.3", "127.0.0.1:80", "[::1", "256.0.0.1"}) {
    INFO(host);
    CHECK(refused(host).code == errc::invalid_request);
    CHECK(refused(host).detail("field") == "host");
  }
}

TEST_CASE("each setting has its range") {
  CHECK(bad_field([](bridge_settings&) {}).empty());
  CHECK(bad_field([](auto& s) { s.io_threads = 0; }) == "io_threads");
  CHECK(bad_field([](auto& s) { s.io_threads = 65; }) == "io_threads");
  CHECK(bad_field([](auto& s) { s.max_header = 1023; }) == "max_header");
  CHECK(bad_field([](auto& s) { s.max_body = 0; }) == "max_body");
  CHECK(bad_field([](auto& s) { s.max_sockets = 0; }) == "max_sockets");
  CHECK(bad_field([](auto& s) { s.max_pipelined = 1; }) == "max_pipelined");
  CHECK(bad_field([](auto& s) { s.max_stream_buffer = 1; }) == "max_stream_buffer");
  CHECK(bad_field([](auto& s) { s.request_timeout = 0ms; }) == "request_timeout");
  CHECK(bad_field([](auto& s) { s.idle_timeout = -1ms; }) == "idle_timeout");
  CHECK(bad_field([](auto& s) { s.write_timeout = 25h; }) == "write_timeout");
  CHECK(bad_field([](auto& s) { s.heartbeat = 9ms; }) == "heartbeat");
  CHECK(bad_field([](auto& s) { s.keep_cores_awake = -1ms; }) == "keep_cores_awake");
  CHECK(bad_field([](auto& s) { s.keep_cores_awake = 61s; }) == "keep_cores_awake");
}
