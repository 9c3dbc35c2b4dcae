#pragma once
/// The options that every provider outside the process has beside its own: limits of time and rate.
/// Internal to config/.

#include <string>
#include <vector>

#include "config/bind.hpp"
#include "config/option_units.hpp"

namespace flipsync::config {

/// Adds them to the section of provider `name`; `Group` is the member of `settings` that holds
/// them.
template <auto Group>
void add_limits(std::vector<option>& table, const std::string& name) {
  using g = provider_limits;
  constexpr double most_a_minute = 1'000'000'000;
  const auto path = [&](const char* key) { return name + "." + key; };
  table.push_back(bind<Group, &g::model_long>(
    path("model_long"), "Model asked where a prompt does not fit the others; empty is none."));
  table.push_back(bind<Group, &g::connect_timeout>(path("connect_timeout"),
                                                   "Time until a connection stands, TLS included.")
                    .between(1, minute));
  table.push_back(
    bind<Group, &g::first_byte_timeout>(
      path("first_byte_timeout"),
      "Time until the response begins; 0 is as long as the attempt may take. An answer in one "
      "piece is silent until it is done, so a short time suits streams only.")
      .between(0, 10 * minute));
  table.push_back(bind<Group, &g::first_token_timeout>(
                    path("first_token_timeout"), "Time until the first token of a stream; 0 is as "
                                                 "long as the attempt may take.")
                    .between(0, 10 * minute));
  table.push_back(
    bind<Group, &g::idle_timeout>(path("idle_timeout"), "Longest silence within a response.")
      .between(1, 10 * minute));
  table.push_back(bind<Group, &g::requests_per_minute>(
                    path("requests_per_minute"),
                    "Requests in any 60 seconds; what exceeds them waits its turn if its deadline "
                    "allows, or goes to the next provider; 0 is no limit.")
                    .between(0, most_a_minute));
  table.push_back(bind<Group, &g::tokens_per_minute>(
                    path("tokens_per_minute"),
                    "The same for tokens, of prompt and answer together; 0 is no limit.")
                    .between(0, most_a_minute));
}

} // namespace flipsync::config
