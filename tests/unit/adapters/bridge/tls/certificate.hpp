#pragma once
/// Certificates made on the spot.

#include <string>

namespace flipsync::testing {

/// PEM texts of a fresh key for "localhost" and its self-made certificate.
struct certificate {
  certificate();
  std::string certificate_pem;
  std::string key_pem;
  /// The key, encrypted with a password.
  std::string encrypted_pem;
};

} // namespace flipsync::testing
