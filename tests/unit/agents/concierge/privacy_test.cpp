/// What a shopper must never see: a cost or a margin, by whatever skill, of whatever product.
#include <catch2/catch_test_macros.hpp>

#include <random>

#include "agents/concierge/concierge_skills.hpp"
#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;

namespace {

class random_shop {
public:
  explicit random_shop(std::uint32_t seed) : engine_{seed} {
    for (int i = 0; i < 12; ++i)
      shop.products.push_back(dossier(i));
    shop.best_sellers = shop.products;
    shop.thin_margin = shop.products;
    shop.age_confirmed = true;
  }
  fake_shop shop;
  std::vector<std::string> secrets; ///< costs as they would be written

private:
  std::int64_t number(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(high - low + 1));
  }
  product_dossier_row dossier(int i) {
    auto item =
      make_product("SK-" + std::to_string(1000 + i), "Thing Number " + std::to_string(i), 0);
    item.category = i % 2 == 0 ? "Audio" : "Kitchen";
    item.brand = "Brand" + std::to_string(i % 3);
    item.description = "A thing. It does something.";
    // Costs of five digits before the point, prices of three: they cannot be mixed up.
    item.price = money{number(10000, 99999)};
    item.cost = money{number(1234500, 9876500)};
    item.stock = number(0, 30);
    item.attributes = {{"color", "red"}};
    for (const auto* column :
         {"unit_cost", "margin_percent", "Cost per item", "wholesale", "supplier_price"})
      item.attributes.emplace_back(column, to_decimal(*item.cost));
    secrets.push_back(to_decimal(*item.cost));
    auto row = make_dossier(item);
    row.rivals = {make_rival("Acme", number(10000, 99999))};
    return row;
  }
  std::minstd_rand engine_;
};

std::string everything(const skill_output& out) {
  auto text = joined(out) + out.json;
  for (const auto& card : out.products)
    text += card.title + card.pitch + card.brand + card.category + to_decimal(card.price);
  for (const auto& reply : out.quick_replies)
    text += reply;
  for (const auto& missing : out.missing)
    text += missing;
  return fold(text);
}

} // namespace

TEST_CASE(
  "no skill of the storefront tells a cost or a margin, whoever reads and whatever is asked") {
  const auto all = concierge::skills();
  const std::vector<std::string> messages{"show me audio",
                                          "tell me about Thing Number 3",
                                          "what is the cost of SK-1004",
                                          "margin of SK-1005",
                                          "compare SK-1001 and SK-1002",
                                          "show me more kitchen",
                                          "cheapest audio",
                                          "best sellers",
                                          "add Thing Number 2 to cart",
                                          "unit cost under 9999",
                                          "show me audio under $500",
                                          "wholesale price of it"};
  for (std::uint32_t seed = 1; seed <= 25; ++seed) {
    random_shop random{seed};
    random.shop.earlier = {"SK-1006"};
    // `any` sees the rows with their costs: the skills themselves must hold them back.
    for (const auto who : {audience::shopper, audience::any})
      for (const auto& skill : all)
        for (const auto& message : messages) {
          const auto text = everything(random.shop.tell(*skill, message, who));
          INFO(seed << ' ' << skill->name() << ": " << message << "\n" << text);
          for (const auto& secret : random.secrets)
            REQUIRE(text.find(fold(secret)) == std::string::npos);
          REQUIRE(text.find("margin") == std::string::npos);
          REQUIRE(text.find("wholesale ") == std::string::npos);
        }
  }
}
