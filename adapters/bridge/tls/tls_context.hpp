#pragma once
/// The certificate and key that a listener speaks TLS with.

#include <memory>
#include <string>

#include "runtime/core/types/error.hpp"

struct ssl_ctx_st; // OpenSSL's SSL_CTX, whose headers stay in this folder's sources

namespace flipsync {

/// Two PEM files: the certificate with those it depends on behind it, and its private key.
struct tls_files {
  std::string certificate;
  std::string key;
};

/// Immutable and thread-safe; a connection that was begun with one keeps it.
class tls_context {
public:
  /// TLS 1.2 and later, HTTP/1.1 by ALPN. Errors: invalid_request with `field` tls.certificate or
  /// tls.key, saying which file cannot be read, is no PEM, is encrypted, or does not belong to the
  /// other.
  static result<std::shared_ptr<const tls_context>> load(const tls_files& files);

  ~tls_context();
  tls_context(const tls_context&) = delete;
  tls_context& operator=(const tls_context&) = delete;

  [[nodiscard]] ssl_ctx_st* get() const noexcept { return context_; }

private:
  explicit tls_context(ssl_ctx_st* context) : context_{context} {}
  ssl_ctx_st* context_;
};

} // namespace flipsync
