#include "adapters/bridge/tls/tls_channel.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>

namespace flipsync {

namespace {

/// A client that does not know that this port is encrypted gets an answer that it can read.
constexpr std::string_view speak_tls =
  "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 37\r\n"
  "Connection: close\r\n\r\nThis port speaks TLS: say https://.\r\n";

int clamped(std::size_t size) {
  return static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max()));
}

} // namespace

tls_channel::tls_channel(std::shared_ptr<const tls_context> with)
  : context_{std::move(with)},
    ssl_{SSL_new(context_->get())} {
  if (ssl_ == nullptr)
    throw std::bad_alloc{};
  auto* from_socket = BIO_new(BIO_s_mem());
  auto* to_socket = BIO_new(BIO_s_mem());
  SSL_set_bio(ssl_, from_socket, to_socket); // owns both
  if (from_socket == nullptr || to_socket == nullptr) {
    SSL_free(ssl_);
    throw std::bad_alloc{};
  }
  // An empty one means "later", not the end.
  BIO_set_mem_eof_return(from_socket, -1);
  SSL_set_accept_state(ssl_);
}

tls_channel::~tls_channel() { SSL_free(ssl_); }

void tls_channel::flush() {
  auto* from = SSL_get_wbio(ssl_);
  const auto waiting = BIO_ctrl_pending(from);
  if (waiting == 0)
    return;
  const auto had = out_.size();
  out_.resize(had + waiting);
  const int got = BIO_read(from, out_.data() + had, clamped(waiting));
  out_.resize(had + static_cast<std::size_t>(std::max(got, 0)));
}

tls_channel::state tls_channel::fail() {
  const auto code = ERR_get_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  why_ = reason == nullptr ? "the connection is broken" : reason;
  ERR_clear_error();
  failed_ = true;
  flush(); // an alert that says why
  if (ERR_GET_REASON(code) == SSL_R_HTTP_REQUEST)
    out_ = speak_tls;
  return state::failed;
}

tls_channel::state tls_channel::shake_hands() {
  ERR_clear_error();
  const int done = SSL_do_handshake(ssl_);
  flush();
  if (done == 1) {
    established_ = true;
    return state::open;
  }
  const int why = SSL_get_error(ssl_, done);
  return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? state::open : fail();
}

tls_channel::state tls_channel::receive(std::string_view from_socket, std::string& plain) {
  if (failed_)
    return state::failed;
  BIO_write(SSL_get_rbio(ssl_), from_socket.data(), clamped(from_socket.size()));
  if (!established_)
    if (const auto now = shake_hands(); now != state::open || !established_)
      return now;
  constexpr std::size_t piece = 16 * 1024; // a record's most
  for (;;) {
    ERR_clear_error();
    const auto had = plain.size();
    plain.resize(had + piece);
    const int got = SSL_read(ssl_, plain.data() + had, static_cast<int>(piece));
    plain.resize(had + static_cast<std::size_t>(std::max(got, 0)));
    if (got > 0)
      continue;
    flush(); // keys may have been renewed
    switch (SSL_get_error(ssl_, got)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return state::open;
    case SSL_ERROR_ZERO_RETURN:
      return state::ended;
    default:
      return fail();
    }
  }
}

bool tls_channel::send(std::string_view plain) {
  while (!plain.empty() && !failed_) {
    ERR_clear_error();
    const int put = SSL_write(ssl_, plain.data(), clamped(plain.size()));
    if (put <= 0) {
      fail();
      break;
    }
    plain.remove_prefix(static_cast<std::size_t>(put));
  }
  flush();
  return !failed_;
}

void tls_channel::close() {
  if (failed_ || !established_)
    return;
  ERR_clear_error();
  SSL_shutdown(ssl_);
  ERR_clear_error();
  flush();
}

} // namespace flipsync
