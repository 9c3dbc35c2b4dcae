#include "adapters/http_client/plain_target.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "adapters/http_client/request_words.hpp"

namespace flipsync::http {

namespace {

struct free_url {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};

std::string part_of(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK)
    return {};
  std::string out{text};
  curl_free(text);
  return out;
}

bool printable_ascii(const std::string& text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

} // namespace

std::optional<plain_target> plain_target_of(const std::string& url) {
  if (!printable_ascii(url))
    return std::nullopt;
  const std::unique_ptr<CURLU, free_url> read{curl_url()};
  if (!read || curl_url_set(read.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
    return std::nullopt;
  if (part_of(read.get(), CURLUPART_SCHEME) != "http"
      || !part_of(read.get(), CURLUPART_USER).empty()
      || !part_of(read.get(), CURLUPART_ZONEID).empty())
    return std::nullopt;
  const auto host = lower_case(part_of(read.get(), CURLUPART_HOST));
  const auto port = part_of(read.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  const auto query = part_of(read.get(), CURLUPART_QUERY);
  plain_target out;
  out.origin = host + ":" + port;
  out.host_field = port == "80" ? host : out.origin;
  out.path = part_of(read.get(), CURLUPART_PATH);
  if (!query.empty())
    out.path += "?" + query;
  return out;
}

} // namespace flipsync::http
