#pragma once
/// A pooled libcurl easy handle: what never changes is set once, the rest for each exchange.

#include <curl/curl.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/http_client/exchange.hpp"
#include "adapters/http_client/http_client.hpp"
#include "adapters/http_client/socket_watch.hpp"

namespace flipsync::http {

struct easy_handle {
  struct free_easy {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
  };
  struct free_list {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
  };
  struct free_url {
    void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
  };

  std::unique_ptr<CURL, free_easy> curl;
  // What the exchange before was pointed at. The next one mostly goes there too, and libcurl's
  // reading of a URL, and the list of lines, are a fair part of what an exchange costs.
  std::unique_ptr<CURLU, free_url> url; ///< null where libcurl reads `url_text` itself
  std::string url_text;
  std::unique_ptr<curl_slist, free_list> headers;
  std::vector<std::pair<std::string, std::string>> header_fields; ///< that `headers` was made of
  bool connects_only = false;
  bool expects_nothing = false;              ///< whether `headers` forbids to ask for leave to send
  std::string agent_line;                    ///< "User-Agent: …", the same for all exchanges
  std::array<char, CURL_ERROR_SIZE> words{}; ///< libcurl's own description of a failure

  [[nodiscard]] std::string_view failure() const noexcept { return words.data(); }
};

/// What requests name as their User-Agent.
std::string agent_of(const http_client_settings& settings);

/// A handle with everything set that all exchanges share; nullptr where libcurl has no memory.
std::unique_ptr<easy_handle> make_easy_handle(const http_client_settings& settings,
                                              socket_watch& sockets);

/// Points the handle at the exchange, which must outlive the transfer. Errors: invalid_request
/// (header or method with a line break in it).
result<void> point_at(easy_handle& easy, exchange& target);

/// The same for a transfer that ends once a connection to the exchange's server stands.
void point_at_connection(easy_handle& easy, exchange& target);

} // namespace flipsync::http
