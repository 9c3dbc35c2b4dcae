#include "config/access_options.hpp"

#include <catch2/catch_test_macros.hpp>

#include "config/check.hpp"
#include "config/options.hpp"

using namespace flipsync::config;

namespace {

/// What is wrong with it, where one thing is.
std::string wrong(const settings& s) {
  const auto all = contradictions(s);
  return all.size() == 1 ? all.front() : std::to_string(all.size()) + " things";
}

} // namespace

TEST_CASE("origins are whole, and names of hosts have no port") {
  settings s;
  s.access.origins = {"https://shop.example", "http://localhost:3000", "*"};
  s.access.host_names = {"shop.test"};
  CHECK(contradictions(s).empty());
  for (const auto* text : {"shop.example", "https://", "https://a/b", "https://a b", "://a", ""}) {
    s.access.origins = {text};
    CHECK(wrong(s).starts_with("access.origins: "));
  }
  s.access.origins = {};
  s.access.host_names = {"shop.test:8080"};
  CHECK(wrong(s).starts_with("access.host_names: "));
}

TEST_CASE("a certificate and its key come together") {
  settings s;
  s.tls.certificate = "cert.pem";
  CHECK(wrong(s).starts_with("tls.certificate: "));
  s.tls.key = "key.pem";
  CHECK(contradictions(s).empty());
  s.tls.certificate.clear();
  CHECK(wrong(s).starts_with("tls.certificate: "));
}

TEST_CASE("API keys are a secret and never a file's or a command line's") {
  CHECK(find_option("access.keys")->secret);
  CHECK(find_option("access.keys_file")->names_file);
}
