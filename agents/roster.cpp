#include "agents/roster.hpp"

#include "agents/common/focus_plan.hpp"
#include "agents/competitor/competitor_skills.hpp"
#include "agents/concierge/concierge_skills.hpp"
#include "agents/content/content_skills.hpp"
#include "agents/executive/executive_skills.hpp"
#include "agents/inventory/inventory_skills.hpp"
#include "agents/listing/listing_skills.hpp"
#include "agents/logistics/logistics_skills.hpp"
#include "agents/market/market_skills.hpp"
#include "agents/marketplace/marketplace_skills.hpp"
#include "agents/pricing/pricing_skills.hpp"

namespace flipsync {

namespace {

void add(agent_library& library, const char* agent,
         std::vector<std::shared_ptr<const skill>> skills, std::shared_ptr<const agent_plan> plan) {
  for (auto& one : skills)
    library.add(std::move(one));
  library.add(agent, std::move(plan));
}

} // namespace

void add_shipped_agents(agent_library& library) {
  add(library, "executive", executive::skills(), executive::plan());
  add(library, "market", market::skills(), market::plan());
  add(library, "competitor", competitor::skills(), competitor::plan());
  add(library, "pricing", pricing::skills(), pricing::plan());
  add(library, "content", content::skills(), content::plan());
  add(library, "listing", listing::skills(), listing::plan());
  add(library, "inventory", inventory::skills(), inventory::plan());
  add(library, "logistics", logistics::skills(), logistics::plan());
  add(library, "marketplace", marketplace::skills(), marketplace::plan());
  add(library, "concierge", concierge::skills(), concierge::plan());
  library.add(make_seller_quick_replies());
}

} // namespace flipsync
