#include "agents/marketplace/marketplace_skills.hpp"

#include "agents/common/focus_plan.hpp"
#include "agents/marketplace/marketplace_parts.hpp"

namespace flipsync::marketplace {

std::vector<std::shared_ptr<const skill>> skills() {
  return {make_order_lookup(), make_offer_evaluation(), make_refund_check(),
          make_fee_calculation()};
}

std::shared_ptr<const agent_plan> plan() {
  return make_focus_plan({
    {"order_lookup",
     asked_by_default::for_shop,
     {"order", "orders", "status", "buyer", "shipped", "bought", "sold"}},
    {"offer_evaluation",
     asked_by_default::never,
     {"offer", "offers", "offered", "bid", "counter", "haggle", "best offer"},
     {"order_lookup"}},
    {"refund_check",
     asked_by_default::never,
     {"refund", "refunds", "refunded", "return", "returns", "returned", "money back", "cancel"},
     {"order_lookup"}},
    {"fee_calculation",
     asked_by_default::for_product,
     {"fee", "fees", "commission", "net", "left over", "payout", "after fees"}},
  });
}

} // namespace flipsync::marketplace
