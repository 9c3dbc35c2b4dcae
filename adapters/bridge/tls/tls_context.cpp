#include "adapters/bridge/tls/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace flipsync {

namespace {

error wrong(const char* field, const std::string& file, const std::string& why) {
  return error{errc::invalid_request, std::string{field} + ": " + file + ": " + why}.with("field",
                                                                                          field);
}

/// Takes the thread's OpenSSL errors away and says the first one.
std::string openssl_reason() {
  const auto first = ERR_get_error();
  ERR_clear_error();
  const char* text = first == 0 ? nullptr : ERR_reason_error_string(first);
  return text == nullptr ? "OpenSSL does not say why" : text;
}

/// Whether the file can be opened at all, which OpenSSL's own errors tell badly.
result<void> readable(const char* field, const std::string& file) {
  std::FILE* in = std::fopen(file.c_str(), "re");
  if (in == nullptr)
    return wrong(field, file, std::strerror(errno));
  char byte = 0;
  const bool empty = std::fread(&byte, 1, 1, in) == 0;
  const int why = std::ferror(in) != 0 ? errno : 0;
  std::fclose(in);
  if (why != 0)
    return wrong(field, file, std::strerror(why));
  if (empty)
    return wrong(field, file, "it is empty");
  return {};
}

/// Called where a key is encrypted. There is nobody to ask for its password.
int no_password(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* length,
                    const unsigned char* offered, unsigned int size, void*) {
  static constexpr std::array<unsigned char, 9> ours{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, length, ours.data(), ours.size(), offered, size)
      != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_NOACK;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

result<void> load_certificate(SSL_CTX* context, const std::string& file) {
  if (auto open = readable("tls.certificate", file); !open)
    return open;
  if (SSL_CTX_use_certificate_chain_file(context, file.c_str()) != 1)
    return wrong("tls.certificate", file, "this is no certificate in PEM: " + openssl_reason());
  return {};
}

result<void> load_key(SSL_CTX* context, const std::string& file) {
  if (auto open = readable("tls.key", file); !open)
    return open;
  bool encrypted = false;
  SSL_CTX_set_default_passwd_cb(context, no_password);
  SSL_CTX_set_default_passwd_cb_userdata(context, &encrypted);
  const int loaded = SSL_CTX_use_PrivateKey_file(context, file.c_str(), SSL_FILETYPE_PEM);
  SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
  if (encrypted)
    return wrong("tls.key", file,
                 "the key is encrypted, and there is nobody to ask for its password; write it "
                 "without one (openssl pkey -in … -out …)");
  if (loaded == 1 && SSL_CTX_check_private_key(context) == 1)
    return {};
  const auto reason = openssl_reason();
  if (reason.find("mismatch") != std::string::npos)
    return wrong("tls.key", file, "the key does not belong to the certificate");
  return wrong("tls.key", file, "this is no private key in PEM: " + reason);
}

} // namespace

result<std::shared_ptr<const tls_context>> tls_context::load(const tls_files& files) {
  ERR_clear_error();
  auto* context = SSL_CTX_new(TLS_server_method());
  if (context == nullptr)
    return error{errc::internal, "OpenSSL cannot start: " + openssl_reason()};
  std::shared_ptr<const tls_context> out{new tls_context{context}};
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE
                                 | SSL_OP_NO_COMPRESSION);
  // Idle connections give their buffers back, which are most of what one costs.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE
                              | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  if (auto loaded = load_certificate(context, files.certificate); !loaded)
    return loaded.error();
  if (auto loaded = load_key(context, files.key); !loaded)
    return loaded.error();
  return out;
}

tls_context::~tls_context() { SSL_CTX_free(context_); }

} // namespace flipsync
