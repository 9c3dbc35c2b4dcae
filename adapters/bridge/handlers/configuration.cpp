/// The configuration, read anew.

#include "adapters/bridge/handlers/caller.hpp"
#include "adapters/bridge/handlers/groups.hpp"
#include "adapters/bridge/handlers/office_call.hpp"
#include "runtime/core/wire/json.hpp"
#include "runtime/core/wire/json_append.hpp"

namespace flipsync {

namespace {

void append_names(std::string& out, const std::vector<std::string>& names) {
  wire::append_array(
    out, names, [](std::string& to, const std::string& name) { wire::append_string(to, name); });
}

void reload(http_session& session) {
  auto* office = office_of(session);
  if (office == nullptr)
    return;
  office_call<reload_report>::start(
    session, [&](auto done) { office->reload(std::move(done)); },
    [](http_session& to, const reload_report& report) {
      wire::json_object object{to.begin_response(200, json_type)};
      append_names(object.key("changed"), report.changed);
      append_names(object.key("needs_restart"), report.needs_restart);
      append_names(object.key("read"), report.read);
      object.close();
      to.end_response();
    });
}

} // namespace

std::span<const route> configuration_routes() noexcept {
  static constexpr route table[]{
    {.method = http_method::post,
     .pattern = "/api/v1/config/reload",
     .summary = "reads the configuration anew: what changed, and what needs a restart",
     .handle = reload,
     .who = access::operators,
     .reply = "Reloaded"},
  };
  return table;
}

} // namespace flipsync
