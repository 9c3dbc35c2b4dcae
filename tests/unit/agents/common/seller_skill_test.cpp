#include "agents/common/seller_skill.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "agents/common/wording.hpp"
#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using Catch::Matchers::ContainsSubstring;

namespace {

class probe final : public product_skill {
public:
  probe()
    : product_skill{{"probe", "Says what it was asked about.", product_schema},
                    attention::low_stock} {}

private:
  [[nodiscard]] skill_output about_product(const skill_input&, const product_dossier_row& row,
                                           const std::vector<const store_rows*>&) const override {
    skill_output out;
    out.facts = {"product " + row.item->sku};
    return out;
  }
  [[nodiscard]] skill_output about_shop(const skill_input&,
                                        const std::vector<const product_dossier_row*>& lines,
                                        const std::vector<const store_rows*>&) const override {
    skill_output out;
    out.facts = {"shop " + std::to_string(lines.size())};
    return out;
  }
};

fake_shop two_mugs() {
  fake_shop shop;
  shop.products = {make_dossier(make_product("KI-0003", "Stone Mug", 1000)),
                   make_dossier(make_product("KI-0004", "Norvane Travel Mug, Blue", 1500))};
  shop.low_stock = {shop.products[0], product_dossier_row{}};
  return shop;
}

} // namespace

TEST_CASE("a product is meant by SKU, by name, by enough words of its name, or by a pronoun") {
  auto shop = two_mugs();
  CHECK(joined(shop.tell(probe{}, "and KI-0003?")) == "product KI-0003");
  CHECK(joined(shop.tell(probe{}, "ki-0003")) == "product KI-0003");
  CHECK(joined(shop.tell(probe{}, "How is the stone mug doing?")) == "product KI-0003");
  CHECK(joined(shop.tell(probe{}, "norvane travel mug"))
        == "product KI-0004 This is the best match for “norvane travel mug”; name a SKU to see "
           "another product.");
  shop.earlier = {"KI-0004"};
  CHECK(joined(shop.tell(probe{}, "what about it")) == "product KI-0004");
}

TEST_CASE(
  "a message that names no product is about the shop, and lines without a product are left out") {
  const auto shop = two_mugs();
  CHECK(joined(shop.tell(probe{}, "Good morning")) == "shop 1");
  // One word of a long name is too little to mean that product.
  CHECK(joined(shop.tell(probe{}, "anything on travel?")) == "shop 1");
}

TEST_CASE("a category or a brand that is named narrows the list") {
  auto shop = two_mugs();
  shop.products[0].item->category = "Kitchen";
  shop.products[1].item->category = "Drinkware";
  shop.products[1].item->brand = "Norvane";
  shop.low_stock = shop.products;
  CHECK(joined(shop.tell(probe{}, "anything in kitchen?")) == "shop 1 This looks at Kitchen only.");
  CHECK(joined(shop.tell(probe{}, "and of Norvane in drinkware?"))
        == "shop 1 This looks at Drinkware and Norvane only.");
  CHECK(joined(shop.tell(probe{}, "and of Norvane in kitchen?"))
        == "shop 0 This looks at Kitchen and Norvane only.");
  CHECK(joined(shop.tell(probe{}, "anything except kitchen?"))
        == "shop 1 This leaves out Kitchen.");
  CHECK(joined(shop.tell(probe{}, "what is not selling?")) == "shop 2");
}

TEST_CASE("an unknown SKU is said to be unknown") {
  const auto out = two_mugs().tell(probe{}, "how is ZZ-0000?");
  CHECK(out.facts
        == std::vector<std::string>{"The catalogue has no product with the SKU ZZ-0000."});
  CHECK_FALSE(out.missing.empty());
}

TEST_CASE("a skill tells which products it spoke of, in the order in which it did") {
  class lister final : public product_skill {
  public:
    lister()
      : product_skill{{"lister", "Lists backwards.", product_schema}, attention::low_stock} {}

  private:
    [[nodiscard]] skill_output about_product(const skill_input&, const product_dossier_row&,
                                             const std::vector<const store_rows*>&) const override {
      return {};
    }
    [[nodiscard]] skill_output about_shop(const skill_input&,
                                          const std::vector<const product_dossier_row*>& lines,
                                          const std::vector<const store_rows*>&) const override {
      skill_output out;
      for (auto line = lines.rbegin(); line + 1 != lines.rend(); ++line)
        out.facts.push_back(wording::label(*(*line)->item) + " is low.");
      return out;
    }
  };
  auto shop = two_mugs();
  shop.products.push_back(make_dossier(make_product("KI-0005", "Glass Mug", 900)));
  shop.low_stock = shop.products;
  using skus = std::vector<std::string>;
  CHECK(shop.tell(lister{}, "Good morning").skus == skus{"KI-0005", "KI-0004"});
  CHECK(shop.tell(lister{}, "How is the stone mug doing?").skus == skus{"KI-0003"});
}

TEST_CASE("a pronoun that nothing before explains is asked about") {
  auto shop = two_mugs();
  CHECK_THAT(joined(shop.tell(probe{}, "what should I charge for the first one?")),
             ContainsSubstring("Which product do you mean?"));
  shop.earlier = {"KI-0004"};
  CHECK(joined(shop.tell(probe{}, "what should I charge for the first one?")) == "product KI-0004");
}

TEST_CASE("a shopper gets nothing of a seller's skill") {
  const auto shop = two_mugs();
  const auto refused = shop.run(probe{}, "KI-0003", audience::shopper);
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == errc::forbidden);
}

TEST_CASE("rows that answer other queries are refused") {
  const auto shop = two_mugs();
  const auto words = shop.words();
  const auto reading = read_message("KI-0003", words, shop.rules, {});
  skill_input input{.message = reading};
  input.rules = &shop.rules;
  const auto refused = probe{}.compute(input, {});
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == errc::internal);
}

TEST_CASE("an empty shop without a store is answered too") {
  const auto shop = two_mugs();
  const auto words = shop.words();
  const auto reading = read_message("KI-0003", words, shop.rules, {});
  skill_input input{.message = reading};
  input.rules = &shop.rules;
  const std::vector<const store_rows*> none(probe{}.needs(input).size(), nullptr);
  CHECK_THAT(joined(probe{}.compute(input, none).value()),
             ContainsSubstring("no product with the SKU KI-0003"));
}

TEST_CASE("missing data is told in one last sentence") {
  skill_output out;
  say_missing(out);
  CHECK(out.facts.empty());
  out.missing = {"cost", "stock"};
  say_missing(out);
  CHECK(out.facts == std::vector<std::string>{"This is missing: cost and stock."});
}
