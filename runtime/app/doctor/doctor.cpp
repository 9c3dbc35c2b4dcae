#include "runtime/app/doctor/doctor.hpp"

#include "adapters/store/store_check.hpp"
#include "config/model_needs.hpp"
#include "runtime/app/check_config.hpp"
#include "runtime/app/doctor/cores_check.hpp"
#include "runtime/app/doctor/finding.hpp"
#include "runtime/app/doctor/machine_checks.hpp"
#include "runtime/app/doctor/provider_checks.hpp"
#include "runtime/app/doctor/redis_check.hpp"
#include "runtime/app/door_settings.hpp"
#include "runtime/app/exit_code.hpp"

namespace flipsync::app {
namespace {

/// Sockets and files beside those of clients and providers: databases, logs, the rest of the
/// process.
constexpr std::uint64_t other_files = 64;

finding wrong_configuration(const error& why) {
  return {verdict::problem, "configuration", why.message,
          "mend it; flipsync --print-config shows where each value comes from"};
}

void add(findings& to, findings more) {
  for (auto& each : more)
    to.push_back(std::move(each));
}

std::chrono::system_clock::time_point on_wall(std::filesystem::file_time_type at) {
  return std::chrono::time_point_cast<std::chrono::system_clock::duration>(
    std::chrono::file_clock::to_sys(at));
}

void look_at_machine(findings& out, const context& ctx) {
  const auto& values = ctx.config.values;
  std::optional<std::string> service;
  std::optional<std::chrono::system_clock::time_point> written;
  const auto folder = config::data_folder(values, ctx.env);
  if (folder) {
    service = service_of(*folder);
    const auto found = check_store(*folder);
    if (found && found->written)
      written = on_wall(*found->written);
    add(out, check_data(*folder, found, service));
  } else {
    out.push_back({verdict::problem, "data folder", folder.error().message,
                   "name one by --data or store.data_dir"});
  }
  if (const auto door = door_settings(ctx)) {
    if (bridge::check(*door)) // what it refuses is told of the configuration
      out.push_back(check_port(*door, service));
    out.push_back(check_cores(*door));
  }
  out.push_back(check_files(
    values.server.max_connections + values.models.max_connections + other_files, allowed_files()));
  out.push_back(check_clock(std::chrono::system_clock::now(), written, clock_synchronised()));
}

void look_at_configuration(findings& out, const context& ctx) {
  const auto checked = check_config(ctx);
  if (!checked) {
    out.push_back(wrong_configuration(checked.error()));
    return;
  }
  out.push_back({verdict::ok, "configuration", checked->summary, {}});
  for (const auto& warning : ctx.config.warnings)
    out.push_back({verdict::warning, "configuration", warning, "take it out, or see docs"});
  const auto needs = config::provider_needs(ctx.config.values, checked->agents);
  if (needs.empty())
    out.push_back(
      {verdict::ok, "providers", "none is needed: answers come from the shop's data", {}});
  add(out, check_providers(ctx.config.values, needs));
  add(out, check_redis(ctx.config.values));
}

} // namespace

int doctor(const result<config::loaded_settings>& loaded, const config::environment& env,
           output& out, bool json) {
  findings all;
  if (loaded) {
    const context ctx{*loaded, env};
    look_at_configuration(all, ctx);
    look_at_machine(all, ctx);
  } else {
    all.push_back(wrong_configuration(loaded.error()));
  }
  out.write(json ? as_json(all) : as_text(all));
  return any_problem(all) || !out.ok() ? exit_failed : exit_done;
}

} // namespace flipsync::app
