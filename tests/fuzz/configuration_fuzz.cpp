// Configuration files: flipsync.toml, the agents' roster, the shop's rules.

#include "config/agent_file/agent_file.hpp"
#include "config/candidates.hpp"
#include "config/shop_file.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace flipsync;

namespace {

void require_reason(const error& why) {
  fuzz::require(why.code == errc::invalid_request && !why.message.empty(),
                "a refused file says why");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  switch (in.choose(3)) {
  case 0: {
    config::gathering all;
    config::gather_toml(in.rest(), "fuzzed.toml", all);
    for (std::size_t i = 0; i < all.best.size(); ++i)
      if (all.best[i])
        fuzz::require(config::check_value(config::options()[i], all.best[i]->value).has_value(),
                      "a value that is taken is within its option's range");
    break;
  }
  case 1:
    if (const auto agents = config::load_agents(in.rest(), "fuzzed.toml"); !agents)
      require_reason(agents.error());
    else
      fuzz::require(!agents->empty(), "a roster that is taken has an agent");
    break;
  default:
    if (const auto rules = config::parse_shop(in.rest(), "fuzzed.toml"); !rules)
      require_reason(rules.error());
    break;
  }
  return 0;
}
