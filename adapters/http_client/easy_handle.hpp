#pragma once
/// A pooled libcurl easy handle: what never changes is set once, the rest for each exchange.

#include <curl/curl.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>

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

  std::unique_ptr<CURL, free_easy> curl;
  std::unique_ptr<curl_slist, free_list> headers;
  std::string agent_line;                    ///< "User-Agent: …", the same for all exchanges
  std::array<char, CURL_ERROR_SIZE> words{}; ///< libcurl's own description of a failure

  [[nodiscard]] std::string_view failure() const noexcept { return words.data(); }
};

/// A handle with everything set that all exchanges share; nullptr where libcurl has no memory.
std::unique_ptr<easy_handle> make_easy_handle(const http_client_settings& settings,
                                              socket_watch& sockets);

/// Points the handle at the exchange, which must outlive the transfer. Errors: invalid_request
/// (header or method with a line break in it).
result<void> point_at(easy_handle& easy, exchange& target);

} // namespace flipsync::http
