#include <algorithm>

#include "agents/common/focus_plan.hpp"
#include "agents/concierge/concierge_skills.hpp"
#include "agents/concierge/question.hpp"

namespace flipsync::concierge {

namespace {

/// The parts of a storefront turn. Whether products are shown is decided by rules, without a model
/// call, unless the configuration makes `product_decision` a model's; the answer itself is a
/// model's.
class concierge_plan final : public agent_plan {
public:
  [[nodiscard]] part_plan plan(const agent_spec& spec, const skill_input& input) const override {
    const auto has = [&](std::string_view skill) {
      return std::find(spec.skills.begin(), spec.skills.end(), skill) != spec.skills.end();
    };
    const bool decides = has("product_decision");
    const auto available = [&](std::vector<std::string> wanted) {
      std::erase_if(wanted, [&](const std::string& skill) { return !has(skill); });
      return wanted;
    };
    const auto& asked = question_of(input.message);
    // One of the two tells of the products, else the same facts and cards would come twice.
    const std::string teller =
      asked.about_named && !asked.best_sellers ? "product_pitch" : "product_search";

    part_plan parts;
    parts.reserve(4);
    parts.push_back(response_part(available(informing(input.message, teller))));
    add_own_skills(parts.front(), spec);
    if (decides)
      parts.push_back(rules_part("product_decision", {"product_decision"}));
    if (has(teller)) {
      // Rules that say no are known now: then the part is skipped, and nothing is read for it.
      const bool reads = !decides || asked.decided.show_products || decided_by_model(spec);
      parts.push_back(
        rules_part("products", reads ? std::vector{teller} : std::vector<std::string>{}));
      if (decides)
        parts.back().after = "product_decision";
    }
    if (has("quick_replies"))
      parts.push_back(rules_part("quick_replies", {"quick_replies"}));
    return parts;
  }

private:
  static bool decided_by_model(const agent_spec& spec) {
    return std::any_of(spec.parts.begin(), spec.parts.end(), [](const part_contract& part) {
      return part.name == "product_decision" && part.source == part_source::model;
    });
  }

  /// What the answer has to know.
  static std::vector<std::string> informing(const message_reading& message,
                                            const std::string& teller) {
    const auto& asked = question_of(message);
    if (asked.of_unknown || !asked.decided.show_products)
      return {"product_decision"};
    if (asked.about_named && wants_cart(message))
      return {"cart_hints"};
    return {teller};
  }

  /// Skills that the user's configuration adds to the concierge inform the answer too.
  static void add_own_skills(part_contract& response, const agent_spec& spec) {
    static constexpr std::string_view shipped[] = {
      "product_search", "product_pitch", "quick_replies", "cart_hints", "product_decision"};
    for (const auto& skill : spec.skills)
      if (std::find(std::begin(shipped), std::end(shipped), skill) == std::end(shipped))
        response.skills.push_back(skill);
  }
};

} // namespace

std::shared_ptr<const agent_plan> plan() { return std::make_shared<concierge_plan>(); }

} // namespace flipsync::concierge
