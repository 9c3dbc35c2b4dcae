#include "adapters/bridge/handlers/console.hpp"

#include <string>

#include "adapters/bridge/console/console_files.hpp"
#include "adapters/bridge/handlers/groups.hpp"
#include "adapters/bridge/http_session.hpp"

namespace flipsync {

namespace {

/// The page loads its own files and talks to this service, and nothing else: no markup in a
/// model's text, a store's data or a link can make it do more. Trusted types take away the ways to
/// turn text into markup (W3C Content Security Policy 3; Trusted Types).
constexpr std::string_view policy =
  "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
  "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
  "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'\r\n"
  "Referrer-Policy: no-referrer\r\n"
  "Cross-Origin-Opener-Policy: same-origin\r\n";

/// Whether the client has this version already (RFC 9110, 13.1.2). A tag is quoted, and so cannot
/// be part of another.
bool is_known(std::string_view if_none_match, std::string_view etag) {
  return if_none_match == "*" || if_none_match.find(etag) != std::string_view::npos;
}

/// A browser keeps the file and asks each time whether it is still the one: after an update of the
/// program nobody sees a mixture of old and new.
void send(http_session& session, const console::file& file, std::string_view more_headers) {
  std::string headers{"Cache-Control: no-cache\r\n"};
  headers.append("ETag: ").append(file.etag).append("\r\n").append(more_headers);
  const int status = is_known(session.request().if_none_match, file.etag) ? 304 : 200;
  session.begin_response(status, file.type, headers) += file.body;
  session.end_response();
}

void console_file(http_session& session) {
  const auto* found = console::find(session.parameter("file"));
  if (found == nullptr)
    return session.problem(error{errc::not_found, "the console has no file of this name"});
  send(session, *found, {});
}

constexpr reply_form other_files[]{
  {.type = "text/css"}, {.type = "text/html"}, {.type = "image/svg+xml"}};

} // namespace

void console_page(http_session& session) {
  send(session, *console::find("index.html"), std::string{policy} + "Vary: Accept\r\n");
}

std::span<const route> console_routes() noexcept {
  static constexpr route table[]{
    {.pattern = "/console/{file}",
     .summary = "files of the console page, which is at / for browsers",
     .handle = console_file,
     .who = access::open,
     .any_query = true,
     .reply_type = "text/javascript",
     .more_replies = other_files},
  };
  return table;
}

} // namespace flipsync
