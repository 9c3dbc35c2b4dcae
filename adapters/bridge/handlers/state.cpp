/// Caches and providers as they are now.

#include "adapters/bridge/handlers/caller.hpp"
#include "adapters/bridge/handlers/groups.hpp"
#include "adapters/bridge/handlers/office_call.hpp"
#include "runtime/core/wire/json_append.hpp"
#include "runtime/core/wire/json_records.hpp"

namespace flipsync {

namespace {

void caches(http_session& session) {
  auto* office = office_of(session);
  if (office == nullptr)
    return;
  wire::json_object object{session.begin_response(200, json_type)};
  wire::append_array(
    object.key("caches"), office->caches(),
    [](std::string& out, const cache_view& cache) { wire::append_json(out, cache); });
  object.close();
  session.end_response();
}

void clear_caches(http_session& session) {
  auto* office = office_of(session);
  if (office == nullptr)
    return;
  const auto cleared =
    office->clear_cache(session.query().text("provider").value_or(std::string_view{}),
                        session.query().text("class").value_or(std::string_view{}));
  if (!cleared)
    return session.problem(cleared.error());
  wire::json_object object{session.begin_response(200, json_type)};
  object.number("cleared", *cleared);
  object.close();
  session.end_response();
}

void providers(http_session& session) {
  auto* office = office_of(session);
  if (office == nullptr)
    return;
  using views = std::vector<provider_view>;
  office_call<views>::start(
    session,
    [&](auto done) {
      office->providers(session.query().flag("check"), session.query().flag("models"),
                        std::move(done));
    },
    [](http_session& to, const views& all) {
      wire::json_object object{to.begin_response(200, json_type)};
      wire::append_array(
        object.key("providers"), all,
        [](std::string& out, const provider_view& view) { wire::append_json(out, view); });
      object.close();
      to.end_response();
    });
}

constexpr query_field clear_fields[]{
  {.name = "class", .summary = "only what is of this class", .min = 1, .max = 50},
  {.name = "provider", .summary = "only answers of this provider", .min = 1, .max = 64},
};
constexpr query_field provider_fields[]{
  {.name = "check",
   .type = query_type::flag,
   .summary = "asks each server, within 2 s, whether it is there; calls no model"},
  {.name = "models", .type = query_type::flag, .summary = "asks each server for its models"},
};

} // namespace

std::span<const route> state_routes() noexcept {
  static constexpr route table[]{
    {.pattern = "/api/v1/cache",
     .summary = "what the caches hold and how often they help",
     .handle = caches,
     .who = access::seller,
     .reply = "CacheList"},
    {.method = http_method::delete_,
     .pattern = "/api/v1/cache",
     .summary = "empties the caches",
     .handle = clear_caches,
     .who = access::operators,
     .query = clear_fields,
     .reply = "Cleared"},
    {.pattern = "/api/v1/providers",
     .summary = "the model providers, how they fare and what they cost",
     .handle = providers,
     .who = access::seller,
     .query = provider_fields,
     .reply = "ProviderList"},
  };
  return table;
}

} // namespace flipsync
