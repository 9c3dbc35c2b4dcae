#pragma once
/// One row of the table of routes.
///
/// To add a route: write its handler in handlers/<group>.cpp and a row in the table at the end of
/// that file. A new group is declared in handlers/groups.hpp and joined in handlers/groups.cpp.
/// Routing, HEAD, 405 with Allow, the check of query parameters and of the body's type, metrics,
/// the list at GET / and /openapi.json follow from the row.

#include <cstdint>
#include <span>
#include <string_view>

#include "adapters/bridge/http_parser.hpp"
#include "adapters/bridge/query.hpp"

namespace flipsync {

class http_session;

enum class body_kind : std::uint8_t {
  none,   ///< a body is read and ignored
  json,   ///< must say so by its Content-Type, and not be compressed
  upload, ///< as it comes: the handler runs at the header and calls receive or refuse_body
};

/// Who may call a route; each includes those after it.
enum class access : std::uint8_t {
  open,     ///< everybody, without a key
  shopper,  ///< every key
  seller,   ///< keys of sellers and operators
  operators ///< keys of operators
};

/// The form of a route's errors.
enum class error_dialect : std::uint8_t {
  problem,     ///< RFC 9457
  completions, ///< {"error":{"message","type","param","code"}}, as clients of /v1 expect it
};

/// One form that a reply may have.
struct reply_form {
  std::string_view type;
  std::string_view schema = {}; ///< empty: a text of that type
};

struct route {
  http_method method = http_method::get; ///< a GET route also answers HEAD
  /// `{name}` as a segment stands for any one segment that is not empty; `{name*}` at the end for
  /// all that is left. A literal segment goes before a parameter.
  std::string_view pattern;
  std::string_view summary;
  /// Answers the session's request, at once or through a completion.
  void (*handle)(http_session&) = nullptr;
  body_kind body = body_kind::none;
  access who = access::shopper;
  error_dialect errors = error_dialect::problem;
  std::span<const query_field> query = {};
  /// Parameters that are not declared are ignored, not refused.
  bool any_query = false;
  /// For /openapi.json: the names of the body's and the reply's schema (openapi_schemas.cpp), the
  /// reply's type and its status.
  std::string_view request = {};
  std::string_view reply = {};
  std::string_view reply_type = "application/json";
  std::string_view status = "200";
  /// Further forms, which the request's Accept or path chooses.
  std::span<const reply_form> more_replies = {};
};

} // namespace flipsync
