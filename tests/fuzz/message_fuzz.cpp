// What people write: a message is folded, read and routed.

#include "runtime/core/agent/skill.hpp"
#include "runtime/core/text/intent_router.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace flipsync;

namespace {

const vocabulary& catalogue() {
  static const auto words = [] {
    vocabulary v;
    for (const char* name : {"Headphones", "Desk Lamps", "Kettles"})
      v.add(entity_kind::category, name);
    v.add(entity_kind::brand, "AeroPress");
    v.add(entity_kind::attribute, "wireless");
    v.add_product("Trail Backpack 40L");
    v.add_sku("LMP-204");
    return v;
  }();
  return words;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto rules = default_shop_rules();
  static const intent_router router{{.agents = {{.name = "concierge",
                                                 .who = audience::shopper,
                                                 .phrases = {"do you have"},
                                                 .keywords = {"buy"},
                                                 .entities = {entity_kind::category}},
                                                {.name = "executive", .keywords = {"today"}},
                                                {.name = "pricing", .keywords = {"price"}}}}};
  const fuzz::input in{data, size};
  const auto reading = read_message(in.rest(), catalogue(), rules, {"LMP-204"});
  static_cast<void>(reading);
  const auto folded = fold(in.rest());
  fuzz::require(fold(folded) == folded, "folding what is folded changes nothing");
  const auto route = router.route({.message = in.rest()}, catalogue());
  fuzz::require(route.has_value(), "every message finds an agent");
  fuzz::require(route->score >= 0 && route->score <= 1, "a score is between 0 and 1");
  return 0;
}
