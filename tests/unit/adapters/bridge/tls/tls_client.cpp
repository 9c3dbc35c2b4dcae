#include "tests/unit/adapters/bridge/tls/tls_client.hpp"

#include <openssl/ssl.h>

#include <array>

namespace flipsync::testing {

struct tls_client::impl {
  explicit impl(int highest) : context{SSL_CTX_new(TLS_client_method())}, ssl{SSL_new(context)} {
    SSL_set_bio(ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    BIO_set_mem_eof_return(SSL_get_rbio(ssl), -1);
    SSL_set_connect_state(ssl);
    if (highest != 0)
      SSL_set_max_proto_version(ssl, highest);
    static constexpr std::array<unsigned char, 12> offered{2,   'h', '2', 8,   'h', 't',
                                                           't', 'p', '/', '1', '.', '1'};
    SSL_set_alpn_protos(ssl, offered.data(), offered.size());
  }
  ~impl() {
    SSL_free(ssl);
    SSL_CTX_free(context);
  }
  impl(const impl&) = delete;
  impl& operator=(const impl&) = delete;

  /// False where the last call failed for good.
  bool goes_on(int done) const {
    const int why = SSL_get_error(ssl, done);
    return why == SSL_ERROR_NONE || why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE
           || why == SSL_ERROR_ZERO_RETURN;
  }

  SSL_CTX* context;
  SSL* ssl;
  std::string heard;
};

tls_client::tls_client(int highest) : impl_{std::make_unique<impl>(highest)} { receive({}); }
tls_client::~tls_client() = default;

bool tls_client::receive(std::string_view from_server) {
  auto* ssl = impl_->ssl;
  if (!from_server.empty())
    BIO_write(SSL_get_rbio(ssl), from_server.data(), static_cast<int>(from_server.size()));
  if (!established())
    if (const int done = SSL_do_handshake(ssl); done != 1)
      return impl_->goes_on(done);
  std::array<char, 4096> piece;
  for (;;) {
    const int got = SSL_read(ssl, piece.data(), static_cast<int>(piece.size()));
    if (got <= 0)
      return impl_->goes_on(got);
    impl_->heard.append(piece.data(), static_cast<std::size_t>(got));
  }
}

void tls_client::send(std::string_view plain) {
  SSL_write(impl_->ssl, plain.data(), static_cast<int>(plain.size()));
}

void tls_client::close() { SSL_shutdown(impl_->ssl); }

std::string tls_client::take_output() {
  auto* from = SSL_get_wbio(impl_->ssl);
  std::string out(BIO_ctrl_pending(from), '\0');
  if (!out.empty())
    BIO_read(from, out.data(), static_cast<int>(out.size()));
  return out;
}

bool tls_client::established() const noexcept { return SSL_is_init_finished(impl_->ssl) == 1; }
const std::string& tls_client::heard() const noexcept { return impl_->heard; }
bool tls_client::ended() const noexcept {
  return (SSL_get_shutdown(impl_->ssl) & SSL_RECEIVED_SHUTDOWN) != 0;
}
std::string tls_client::protocol() const { return SSL_get_version(impl_->ssl); }

std::string tls_client::alpn() const {
  const unsigned char* chosen = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(impl_->ssl, &chosen, &size);
  return {reinterpret_cast<const char*>(chosen), size};
}

} // namespace flipsync::testing
