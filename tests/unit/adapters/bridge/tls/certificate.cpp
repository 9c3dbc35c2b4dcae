#include "tests/unit/adapters/bridge/tls/certificate.hpp"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

namespace flipsync::testing {

namespace {

using key_ptr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using bio_ptr = std::unique_ptr<BIO, decltype(&BIO_free_all)>;

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

template <class Write>
std::string pem(Write&& write) {
  const bio_ptr out{BIO_new(BIO_s_mem()), BIO_free_all};
  if (write(out.get()) != 1)
    throw std::runtime_error{"no PEM"};
  return text_of(out.get());
}

} // namespace

certificate::certificate() {
  const key_ptr key{EVP_EC_gen("P-256"), EVP_PKEY_free};
  const std::unique_ptr<X509, decltype(&X509_free)> x{X509_new(), X509_free};
  if (!key || !x)
    throw std::runtime_error{"no key"};
  X509_set_version(x.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(x.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(x.get()), 3600);
  X509_set_pubkey(x.get(), key.get());
  auto* name = X509_get_subject_name(x.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(x.get(), name);
  if (X509_sign(x.get(), key.get(), EVP_sha256()) == 0)
    throw std::runtime_error{"not signed"};
  certificate_pem = pem([&](BIO* out) { return PEM_write_bio_X509(out, x.get()); });
  key_pem = pem([&](BIO* out) {
    return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  std::string password = "password";
  encrypted_pem = pem([&](BIO* out) {
    return PEM_write_bio_PrivateKey(out, key.get(), EVP_aes_128_cbc(),
                                    reinterpret_cast<unsigned char*>(password.data()),
                                    static_cast<int>(password.size()), nullptr, nullptr);
  });
}

} // namespace flipsync::testing
