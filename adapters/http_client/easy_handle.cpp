#include "adapters/http_client/easy_handle.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "adapters/http_client/request_words.hpp"
#include "runtime/core/version.hpp"

namespace flipsync::http {

namespace {

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* target) {
  const std::size_t bytes = size * count;
  return static_cast<exchange*>(target)->header_line({data, bytes}) ? bytes : 0;
}

/// CURL_WRITEFUNC_ERROR by its meaning: any number that is not the number of bytes.
std::size_t on_body(char* data, std::size_t size, std::size_t count, void* target) {
  const std::size_t bytes = size * count;
  return static_cast<exchange*>(target)->body_bytes({data, bytes}) ? bytes : ~bytes;
}

/// The connection stands and the request is about to be sent.
int on_connected(void* target, char*, char*, int, int) {
  static_cast<exchange*>(target)->enter(phase::first_byte);
  return CURL_PREREQFUNC_OK;
}

curl_socket_t on_open(void* sockets, curlsocktype, curl_sockaddr* address) {
  return static_cast<socket_watch*>(sockets)->open(address->family, address->socktype,
                                                   address->protocol);
}

int on_close(void* sockets, curl_socket_t socket) {
  static_cast<socket_watch*>(sockets)->close(socket);
  return 0;
}

const char* accepted_encodings() {
  static const bool brotli =
    (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_BROTLI) != 0;
  return brotli ? "gzip, br" : "gzip";
}

const char* accepted_line() {
  static const std::string line = std::string{"Accept-Encoding: "} + accepted_encodings();
  return line.c_str();
}

/// libcurl undoes percent signs in this option whatever its version, in those for the name and the
/// password by themselves before 8.8 only.
void set_proxy_login(CURL* curl, const std::string& login) {
  const auto escaped = [curl](std::string_view part) -> std::string {
    if (part.empty()) // a length of 0 would mean: up to the end of the text
      return {};
    const std::unique_ptr<char, decltype(&curl_free)> text{
      curl_easy_escape(curl, part.data(), static_cast<int>(part.size())), &curl_free};
    return text ? text.get() : "";
  };
  const std::string_view whole = login;
  const auto colon = std::min(whole.find(':'), whole.size());
  const auto both = escaped(whole.substr(0, colon)) + ':'
                    + escaped(whole.substr(std::min(colon + 1, whole.size())));
  curl_easy_setopt(curl, CURLOPT_PROXYUSERPWD, both.c_str());
}

void set_network(CURL* curl, const http_client_settings& settings, socket_watch& sockets) {
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!settings.ca_file.empty())
    curl_easy_setopt(curl, CURLOPT_CAINFO, settings.ca_file.c_str());
  // An empty name means none; not set at all would mean the environment's.
  curl_easy_setopt(curl, CURLOPT_PROXY, settings.proxy.c_str());
  if (!settings.proxy_login.empty())
    set_proxy_login(curl, settings.proxy_login);
  // Nor need the environment be asked, for each exchange, which hosts go without.
  curl_easy_setopt(curl, CURLOPT_NOPROXY, settings.no_proxy.c_str());
  curl_easy_setopt(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  // A removed transfer must not wait for its resolver thread, which then ends by itself.
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, &on_open);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &sockets);
  curl_easy_setopt(curl, CURLOPT_CLOSESOCKETFUNCTION, &on_close);
  curl_easy_setopt(curl, CURLOPT_CLOSESOCKETDATA, &sockets);
}

void set_method(CURL* curl, const exchange_request& request) {
  const bool has_body = !request.body.empty() || request.method == "POST";
  curl_easy_setopt(curl, CURLOPT_NOBODY, 0L);
  if (has_body) {
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.c_str());
  } else {
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
  }
  const bool named = request.method != (has_body ? "POST" : "GET");
  if (request.method == "HEAD")
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, named ? request.method.c_str() : nullptr);
}

using header_list = std::unique_ptr<curl_slist, easy_handle::free_list>;

bool append(header_list& list, const char* line) {
  curl_slist* longer = curl_slist_append(list.get(), line);
  if (longer == nullptr)
    return false;
  [[maybe_unused]] curl_slist* same = list.release();
  list.reset(longer);
  return true;
}

/// libcurl announces a body of a megabyte and more, and waits up to a second for the server's
/// leave.
constexpr std::size_t announced_from = 1'000'000;

result<void> set_headers(easy_handle& easy, const exchange_request& request) {
  const bool large = request.body.size() >= announced_from;
  if (easy.headers && easy.expects_nothing == large && easy.header_fields == request.headers)
    return {};
  header_list lines;
  bool whole = !large || append(lines, "Expect:");
  // As lines of ours, since libcurl would write its own twice.
  bool agent_named = false;
  std::string line;
  for (const auto& [name, value] : request.headers) {
    agent_named = agent_named || same_name(name, "User-Agent");
    // libcurl's way of writing a header without a value is a semicolon.
    line = value.empty() ? name + ";" : name + ": " + value;
    whole = append(lines, line.c_str()) && whole;
  }
  whole = append(lines, accepted_line()) && whole;
  if (!agent_named)
    whole = append(lines, easy.agent_line.c_str()) && whole;
  if (!whole)
    return error{errc::internal, "no memory for headers"};
  curl_easy_setopt(easy.curl.get(), CURLOPT_HTTPHEADER, lines.get());
  easy.headers = std::move(lines);
  easy.header_fields = request.headers;
  easy.expects_nothing = large;
  return {};
}

/// What libcurl does not take as it is, it is given as text, so that it says itself what is wrong.
void set_url(easy_handle& easy, const std::string& text) {
  if (!easy.url_text.empty() && easy.url_text == text)
    return;
  easy.url.reset(curl_url());
  if (easy.url && curl_url_set(easy.url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK)
    easy.url.reset();
  easy.url_text = text;
  curl_easy_setopt(easy.curl.get(), CURLOPT_CURLU, easy.url.get());
  curl_easy_setopt(easy.curl.get(), CURLOPT_URL, text.c_str());
}

void connect_only(easy_handle& easy, bool only) {
  if (easy.connects_only == only)
    return;
  curl_easy_setopt(easy.curl.get(), CURLOPT_CONNECT_ONLY, only ? 1L : 0L);
  curl_easy_setopt(easy.curl.get(), CURLOPT_FRESH_CONNECT, only ? 1L : 0L);
  easy.connects_only = only;
}

} // namespace

std::string agent_of(const http_client_settings& settings) {
  return settings.user_agent.empty() ? std::string{"flipsync/"} + version : settings.user_agent;
}

std::unique_ptr<easy_handle> make_easy_handle(const http_client_settings& settings,
                                              socket_watch& sockets) {
  auto easy = std::make_unique<easy_handle>();
  easy->curl.reset(curl_easy_init());
  CURL* curl = easy->curl.get();
  if (curl == nullptr)
    return nullptr;
  set_network(curl, settings, sockets);
  easy->agent_line = "User-Agent: " + agent_of(settings);
  curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, accepted_encodings());
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, easy->words.data());
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &on_header);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, &on_connected);
  return easy;
}

result<void> point_at(easy_handle& easy, exchange& target) {
  CURL* curl = easy.curl.get();
  const auto& request = target.request();
  if (auto sound = check_request(request); !sound)
    return sound;
  if (auto set = set_headers(easy, request); !set)
    return set;
  connect_only(easy, false);
  set_method(curl, request);
  easy.words[0] = '\0';
  set_url(easy, request.url);
  // Over TLS, wait for a connection being made that could carry this exchange too (HTTP/2).
  curl_easy_setopt(curl, CURLOPT_PIPEWAIT, request.url.starts_with("https:") ? 1L : 0L);
  curl_easy_setopt(curl, CURLOPT_PRIVATE, &target);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &target);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &target);
  curl_easy_setopt(curl, CURLOPT_PREREQDATA, &target);
  return {};
}

void point_at_connection(easy_handle& easy, exchange& target) {
  CURL* curl = easy.curl.get();
  connect_only(easy, true);
  easy.words[0] = '\0';
  set_url(easy, target.request().url);
  curl_easy_setopt(curl, CURLOPT_PIPEWAIT, 0L);
  curl_easy_setopt(curl, CURLOPT_PRIVATE, &target);
  curl_easy_setopt(curl, CURLOPT_PREREQDATA, &target);
}

} // namespace flipsync::http
