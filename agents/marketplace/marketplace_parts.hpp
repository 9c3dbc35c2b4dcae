#pragma once
/// The marketplace agent's skills one by one.

#include <memory>

#include "runtime/core/agent/skill.hpp"

namespace flipsync::marketplace {

std::shared_ptr<const skill> make_order_lookup();
std::shared_ptr<const skill> make_refund_check();
std::shared_ptr<const skill> make_offer_evaluation();
std::shared_ptr<const skill> make_fee_calculation();

} // namespace flipsync::marketplace
