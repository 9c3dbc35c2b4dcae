#include "config/bind.hpp"
#include "config/option_tables.hpp"

namespace flipsync::config {

void add_costs(std::vector<option>& table) {
  using s = settings;
  using g = cost_values;
  constexpr double most = 1'000'000;
  table.push_back(bind<&s::costs, &g::per_request>(
                    "costs.per_request",
                    "Dollars that the model calls of one turn may cost; a request may ask for "
                    "less. 0 is no limit.")
                    .between(0, most));
  table.push_back(
    bind<&s::costs, &g::per_conversation>(
      "costs.per_conversation",
      "Dollars that one conversation may cost in a day, which begins at midnight UTC; 0 is no "
      "limit.")
      .between(0, most));
  table.push_back(bind<&s::costs, &g::per_tenant>(
                    "costs.per_tenant", "Dollars that one tenant may cost in a day; 0 is no limit.")
                    .between(0, most));
  table.push_back(bind<&s::costs, &g::per_day>(
                    "costs.per_day", "Dollars that all together may cost in a day; 0 is no limit.")
                    .between(0, most));
  table.push_back(bind<&s::costs, &g::unlimited_answer>(
                    "costs.unlimited_answer",
                    "Tokens that are set aside for an answer whose length nobody limits.")
                    .between(1, 1'000'000));
  table.push_back(
    bind<&s::costs, &g::unknown_model>(
      "costs.unknown_model",
      "How a model without a price is charged: as nothing, as its provider's dearest, or not "
      "asked at all; \"auto\" is dearest at a vendor's own address and free elsewhere.")
      .one_of({"auto", "free", "dearest", "refuse"}));
  table.push_back(
    bind<&s::costs, &g::prices_file>(
      "costs.prices_file", "TOML file of prices, which go before those that are built in.")
      .file_name());
}

} // namespace flipsync::config
