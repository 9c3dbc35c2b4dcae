#include "runtime/app/reloading.hpp"

#include <future>

#include "config/assemble.hpp"
#include "config/reload.hpp"
#include "runtime/app/access.hpp"
#include "runtime/app/output.hpp"
#include "runtime/core/log.hpp"

namespace flipsync::app {

result<reload_report> reloading::run() {
  auto report = read();
  if (report)
    log::info("configuration_reloaded", {{"changed", joined(report->changed, ",")},
                                         {"needs_restart", joined(report->needs_restart, ",")}});
  else
    log::error("configuration_kept", {{"reason", report.error().message}});
  return report;
}

result<reload_report> reloading::read() {
  auto fresh = config::load_settings(ctx_.input);
  if (!fresh)
    return fresh.error();
  auto plan = config::plan_reload(ctx_.config, *std::move(fresh));
  auto next = ctx_;
  next.config = std::move(plan.next);
  const auto& values = next.config.values;
  auto parts = config::assemble(values, loops_);
  if (!parts)
    return parts.error();
  auto keys = load_keys(next);
  if (!keys)
    return keys.error();
  const auto count = keys->size();
  auto certificate = load_certificate(values);
  if (!certificate)
    return certificate.error();
  // The last that can fail, so that all of it is taken up or none.
  if (auto taken = take_up(*std::move(parts)); !taken)
    return taken.error();
  door_.replace_keys(*std::move(keys));
  log::info("keys_reloaded", {{"count", std::to_string(count)}});
  if (*certificate) {
    door_.replace_certificate(*std::move(certificate));
    log::info("certificate_reloaded");
  }
  log::set_level(values.log.level);
  reload_report report{std::move(plan.changed), std::move(plan.needs_restart), ctx_.input.files};
  for (auto& file : config::named_files(values))
    report.read.push_back(std::move(file));
  ctx_ = std::move(next);
  return report;
}

result<void> reloading::take_up(assembly parts) {
  auto taken = std::make_shared<std::promise<result<void>>>();
  auto outcome = taken->get_future();
  runtime_.reload(std::move(parts),
                  [taken](result<void> done) { taken->set_value(std::move(done)); });
  return outcome.get(); // within 10 s, as the runtime promises
}

} // namespace flipsync::app
