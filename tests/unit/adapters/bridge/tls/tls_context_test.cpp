#include "adapters/bridge/tls/tls_context.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/adapters/bridge/access/scratch.hpp"
#include "tests/unit/adapters/bridge/tls/certificate.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

struct files {
  files() {
    dir.write("cert.pem", made.certificate_pem);
    dir.write("key.pem", made.key_pem);
    dir.write("locked.pem", made.encrypted_pem);
    dir.write("other.pem", certificate{}.key_pem);
    dir.write("empty.pem", "");
    dir.write("rubbish.pem", "no PEM at all\n");
  }

  [[nodiscard]] error why(const std::string& cert, const std::string& key) const {
    const auto loaded = tls_context::load({dir.path() / cert, dir.path() / key});
    return loaded ? error{} : loaded.error();
  }

  certificate made;
  scratch dir;
};

} // namespace

TEST_CASE("a certificate and its key are taken") {
  const files f;
  CHECK(f.why("cert.pem", "key.pem").code == errc::none);
}

TEST_CASE("what is wrong with a key or a certificate is told with the file") {
  const files f;
  const auto missing = f.why("none.pem", "key.pem");
  CHECK(missing.detail("field") == "tls.certificate");
  CHECK_THAT(missing.message, ContainsSubstring("none.pem: No such file"));
  CHECK_THAT(f.why("empty.pem", "key.pem").message, ContainsSubstring("it is empty"));
  CHECK_THAT(f.why("rubbish.pem", "key.pem").message, ContainsSubstring("no certificate in PEM"));
  const auto other = f.why("cert.pem", "other.pem");
  CHECK(other.detail("field") == "tls.key");
  CHECK_THAT(other.message, ContainsSubstring("does not belong to the certificate"));
  CHECK_THAT(f.why("cert.pem", "locked.pem").message, ContainsSubstring("encrypted"));
  CHECK_THAT(f.why("cert.pem", "rubbish.pem").message, ContainsSubstring("no private key in PEM"));
  CHECK_THAT(f.why("cert.pem", "none.pem").message, ContainsSubstring("No such file"));
  CHECK(f.why("cert.pem", ".").code == errc::invalid_request);
  CHECK(f.why("cert.pem", "key.pem").code == errc::none);
}
