#include "agents/concierge/concierge_skills.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using Catch::Matchers::ContainsSubstring;

namespace {

product_dossier_row audio(std::string sku, std::string title, std::int64_t cents) {
  auto item = make_product(std::move(sku), std::move(title), cents);
  item.category = "Audio";
  item.brand = "Ridge";
  item.cost = money{cents / 2};
  item.description = "Warm sound.";
  item.stock = 20;
  return make_dossier(item);
}

fake_shop audio_shop() {
  fake_shop shop;
  shop.products = {audio("AU-0012", "Blue Headphones", 4990),
                   audio("AU-0013", "Green Headphones", 3990),
                   audio("AU-0014", "Red Headphones", 2990)};
  return shop;
}

skill_output shopper_asks(const fake_shop& shop, std::string_view skill, std::string_view message) {
  const auto all = concierge::skills();
  return shop.tell(find(all, skill), message, audience::shopper);
}

} // namespace

TEST_CASE("a search tells how many match, and each with its price") {
  const auto out = shopper_asks(audio_shop(), "product_search", "show me headphones");
  CHECK(out.facts[0] == "3 products match “headphones”.");
  CHECK_THAT(out.facts[1], ContainsSubstring(
                             "Blue Headphones by Ridge costs $49.90 and is in stock: Warm sound."));
  CHECK(out.products.size() == 3);
  CHECK_THAT(out.json, ContainsSubstring("\"total\":3"));
}

TEST_CASE("a price limit filters") {
  const auto out = shopper_asks(audio_shop(), "product_search", "show me headphones under $40");
  CHECK(out.products.size() == 2);
  CHECK_THAT(out.facts[0], ContainsSubstring("up to $40.00"));
}

TEST_CASE("nothing found is said plainly, with what the shop carries") {
  const auto out = shopper_asks(audio_shop(), "product_search", "show me flux capacitors");
  CHECK_THAT(out.facts[0], ContainsSubstring("No product matches") && ContainsSubstring("flux"));
  CHECK(out.facts[1] == "Test Shop carries Audio.");
  CHECK(out.products.empty());
  CHECK_FALSE(out.missing.empty());
}

TEST_CASE("a search whose products have only some of the words does not say that they match") {
  auto shop = audio_shop();
  shop.finds_any_word = true;
  const auto out = shopper_asks(shop, "product_search", "show me crimson headphones");
  CHECK(out.facts[0] == "Nothing matches all of “crimson headphones”; these come closest.");
  CHECK(out.products.size() == 3);
}

TEST_CASE("more matches than are shown are counted") {
  auto shop = audio_shop();
  for (int i = 0; i < 9; ++i)
    shop.products.push_back(
      audio("AU-02" + std::to_string(i), "Pair " + std::to_string(i) + " Headphones", 1000));
  const auto out = shopper_asks(shop, "product_search", "show me headphones");
  CHECK(out.facts[0] == "12 products match “headphones”; these 6 fit best.");
  CHECK(out.products.size() == 6);
}

TEST_CASE("best sellers come from the sales") {
  auto shop = audio_shop();
  shop.best_sellers = {shop.products[2]};
  const auto out = shopper_asks(shop, "product_search", "what are your best sellers?");
  REQUIRE(out.products.size() == 1);
  CHECK(out.products[0].sku == "AU-0014");
}

TEST_CASE("best sellers are those of what is asked for") {
  auto shop = audio_shop();
  shop.products.push_back(make_dossier(make_product("KI-0003", "Coffee Mill", 9000)));
  shop.products.push_back(make_dossier(make_product("KI-0004", "Coffee Pot", 1500)));
  // The kitchen sells best.
  shop.best_sellers = {shop.products[3], shop.products[4], shop.products[0], shop.products[1]};
  const auto skus = [&](std::string_view message) {
    std::vector<std::string> out;
    for (const auto& card : shopper_asks(shop, "product_search", message).products)
      out.push_back(card.sku);
    return out;
  };
  using names = std::vector<std::string>;
  CHECK(skus("best selling headphones") == names{"AU-0012", "AU-0013"});
  CHECK(skus("most popular coffee under $20") == names{"KI-0004"});
  CHECK(skus("most popular audio") == names{"AU-0012", "AU-0013"});
  CHECK(shopper_asks(shop, "product_search", "best selling headphones").facts[0]
        == "The best sellers for “headphones” are these.");
  const auto none = shopper_asks(shop, "product_search", "most popular zeppelins under $50");
  CHECK(none.facts[0]
        == "None of the best sellers matches “zeppelins”; these sell best otherwise.");
  CHECK(none.products.size() == 3);
  CHECK(shopper_asks(shop, "product_search", "best sellers under $5").facts[0]
        == "No best seller matches up to $5.00.");
}

TEST_CASE("the answer says by what it chose, and which amount it did not use") {
  auto shop = audio_shop();
  for (int i = 0; i < 9; ++i)
    shop.products.push_back(audio("AU-010" + std::to_string(i), "Plain Headphones", 2000 + i));
  const auto dearest = shopper_asks(shop, "product_search", "the most expensive headphones");
  CHECK(dearest.facts[0] == "12 products match “headphones”; these 6 cost most.");
  CHECK(dearest.products[0].price == money{4990});
  CHECK(dearest.products[5].price == money{2006});
  CHECK(shopper_asks(shop, "product_search", "the cheapest headphones").facts[0]
        == "12 products match “headphones”; these 6 cost least.");
  CHECK_THAT(shopper_asks(shop, "product_search", "$50 headphones").facts.back(),
             ContainsSubstring("$50.00 was not used"));
  CHECK_THAT(joined(shopper_asks(shop, "product_decision", "$50")),
             ContainsSubstring("$50.00 was not used"));
}

TEST_CASE("more is offered only where there is more") {
  auto shop = audio_shop();
  CHECK(shopper_asks(shop, "quick_replies", "headphones").quick_replies.size() == 3);
  for (int i = 0; i < 9; ++i)
    shop.products.push_back(audio("AU-010" + std::to_string(i), "Plain Headphones", 2000 + i));
  CHECK(shopper_asks(shop, "quick_replies", "headphones under $40").quick_replies.back()
        == "Show more headphones under $40");
  CHECK(shopper_asks(shop, "quick_replies", "show more headphones").quick_replies.size() == 3);
}

TEST_CASE("a topic of the shop has its answer, unless a product is asked for") {
  const auto shop = audio_shop();
  const auto told = [&](const char* message) {
    return joined(shopper_asks(shop, "product_decision", message));
  };
  CHECK(told("What does shipping cost?") == "Shipping costs $3.");
  CHECK(told("price of shipping") == "Shipping costs $3.");
  CHECK(told("do you have free shipping?") == "Shipping costs $3.");
  CHECK(told("Shipping and returns") == "Shipping costs $3. Within 30 days.");
  CHECK(told("show me headphones with free shipping").empty());
  CHECK(told("do you have shipping boxes").empty());
  CHECK(told("shipping under $50").empty());
}

TEST_CASE("one product is explained in full, two are compared") {
  const auto one = shopper_asks(audio_shop(), "product_pitch", "tell me about Blue Headphones");
  CHECK(one.facts[0] == "Blue Headphones by Ridge costs $49.90 and is in stock.");
  REQUIRE(one.products.size() == 1);
  CHECK(one.products[0].pitch == "Blue Headphones by Ridge: Warm sound.");
  const auto two =
    shopper_asks(audio_shop(), "product_pitch", "compare Blue Headphones and Red Headphones");
  CHECK(two.products.size() == 2);
  CHECK_THAT(joined(two),
             ContainsSubstring(
               "Red Headphones is the cheapest at $29.90, $20.00 less than Blue Headphones."));
}

TEST_CASE("a pronoun means the product that was shown") {
  auto shop = audio_shop();
  shop.earlier = {"AU-0013"};
  CHECK_THAT(joined(shopper_asks(shop, "product_pitch", "how much is it?")),
             ContainsSubstring("Green Headphones") && ContainsSubstring("$39.90"));
}

TEST_CASE("a pronoun with no earlier product asks which is meant, in every skill that speaks") {
  for (const auto* skill : {"product_search", "product_pitch", "cart_hints", "product_decision"}) {
    INFO(skill);
    const auto out = shopper_asks(audio_shop(), skill, "how much is it?");
    CHECK_THAT(joined(out), ContainsSubstring("Which product do you mean?"));
    CHECK(out.products.empty());
  }
}

TEST_CASE("a product for adults is withheld until the age is confirmed, name, price and number") {
  auto shop = audio_shop();
  auto gated = audio("CA-0001", "Dream Headphones", 7777);
  gated.item->age_restricted = true;
  shop.products = {gated};
  for (const auto* skill : {"product_search", "product_pitch", "quick_replies", "cart_hints"})
    for (const auto* message : {"show me headphones", "tell me about Dream Headphones", "CA-0001",
                                "add Dream Headphones to cart"}) {
      INFO(skill << ": " << message);
      const auto out = shopper_asks(shop, skill, message);
      auto text = joined(out) + out.json;
      for (const auto& reply : out.quick_replies)
        text += reply;
      CHECK_THAT(text, !ContainsSubstring("Dream") && !ContainsSubstring("77.77"));
      CHECK(out.products.empty());
    }
  CHECK_THAT(joined(shopper_asks(shop, "product_search", "show me headphones")),
             ContainsSubstring("once your age is confirmed"));
  CHECK_THAT(shopper_asks(shop, "product_search", "show me headphones").json,
             ContainsSubstring(R"("total":0)"));
  shop.age_confirmed = true;
  CHECK_THAT(joined(shopper_asks(shop, "product_search", "show me headphones")),
             ContainsSubstring("Dream Headphones"));
}

TEST_CASE("what is open is shown beside what is withheld") {
  auto shop = audio_shop();
  shop.products[0].item->age_restricted = true;
  const auto out = shopper_asks(shop, "product_search", "show me headphones");
  CHECK(out.products.size() == 2);
  CHECK_THAT(out.facts[0], ContainsSubstring("2 products"));
  CHECK_THAT(out.facts.back(), ContainsSubstring("age is confirmed"));
}

TEST_CASE("what is withheld is not counted where it would not have been shown either") {
  auto shop = audio_shop();
  shop.products.resize(1);
  for (int i = 0; i < 9; ++i) {
    auto item = audio("AU-010" + std::to_string(i), "Plain Headphones", 2000);
    item.item->age_restricted = i > 6;
    shop.products.push_back(item);
  }
  const auto out = shopper_asks(shop, "product_search", "show me headphones");
  CHECK(out.facts[0] == "8 products match “headphones”; these 6 fit best.");
  CHECK_THAT(out.json, ContainsSubstring(R"("total":8)"));
  CHECK_THAT(joined(out), !ContainsSubstring("age is confirmed"));
}

TEST_CASE("what is open is found behind what is withheld") {
  auto shop = audio_shop();
  for (int i = 0; i < 9; ++i) {
    auto gated = audio("CA-000" + std::to_string(i), "Dream Headphones", 7777);
    gated.item->age_restricted = true;
    shop.products.insert(shop.products.begin(), gated);
  }
  shop.best_sellers = shop.products;
  for (const auto* message : {"show me headphones", "best sellers"}) {
    INFO(message);
    const auto out = shopper_asks(shop, "product_search", message);
    CHECK(out.products.size() == 3);
    CHECK_THAT(out.facts.back(), ContainsSubstring("age is confirmed"));
  }
}

TEST_CASE("cart hints tell stock, subtotal and when too little is left") {
  auto shop = audio_shop();
  CHECK(joined(shopper_asks(shop, "cart_hints", "add 2 Blue Headphones to cart"))
        == "Blue Headphones is in stock at $49.90; 2 of it come to $99.80.");
  shop.products[0].item->stock = 9;
  CHECK_THAT(joined(shopper_asks(shop, "cart_hints", "add Blue Headphones to cart")),
             ContainsSubstring("only 9 are left"));
  shop.products[0].item->stock = 10;
  CHECK_THAT(joined(shopper_asks(shop, "cart_hints", "add Blue Headphones to cart")),
             !ContainsSubstring("left"));
  shop.products[0].item->stock = 1;
  CHECK_THAT(joined(shopper_asks(shop, "cart_hints", "add 3 Blue Headphones to cart")),
             ContainsSubstring("Only 1 of Blue Headphones"));
  shop.products[0].item->stock = 0;
  CHECK_THAT(joined(shopper_asks(shop, "cart_hints", "add Blue Headphones to cart")),
             ContainsSubstring("sold out"));
}

TEST_CASE("the decision is yes or no with its reason, and a no says what the shop carries") {
  const auto yes = shopper_asks(audio_shop(), "product_decision", "show me headphones");
  CHECK_THAT(yes.json, ContainsSubstring("\"show_products\":true"));
  CHECK(yes.facts.empty());
  const auto no = shopper_asks(audio_shop(), "product_decision", "hello there");
  CHECK_THAT(no.json, ContainsSubstring("\"show_products\":false"));
  CHECK_THAT(joined(no), ContainsSubstring("Test Shop carries Audio."));
}

TEST_CASE("quick replies speak of the products that the message asks for") {
  CHECK(shopper_asks(audio_shop(), "quick_replies", "show me headphones").quick_replies
        == std::vector<std::string>{"Add Blue Headphones to cart", "Show similar Audio",
                                    "Details of Blue Headphones"});
  CHECK(shopper_asks(audio_shop(), "quick_replies", "hello there").quick_replies.front()
        == "Show best sellers");
}

TEST_CASE("quick replies read nothing where no products are asked for") {
  const auto all = concierge::skills();
  const auto shop = audio_shop();
  const auto words = shop.words();
  const auto reading = read_message("hello there", words, shop.rules, {});
  skill_input input{.message = reading};
  input.rules = &shop.rules;
  CHECK(find(all, "quick_replies").needs(input).empty());
}

TEST_CASE("all skills of a turn read the same rows, so one read serves them") {
  const auto all = concierge::skills();
  const auto shop = audio_shop();
  const auto words = shop.words();
  for (const auto* message : {"show me headphones", "tell me about Blue Headphones", "best sellers",
                              "compare AU-0012 and AU-0013"}) {
    INFO(message);
    const auto reading = read_message(message, words, shop.rules, {});
    skill_input input{.message = reading};
    input.rules = &shop.rules;
    const auto queries = find(all, "product_search").needs(input);
    CHECK_FALSE(queries.empty());
    CHECK(find(all, "product_pitch").needs(input) == queries);
    CHECK(find(all, "quick_replies").needs(input) == queries);
  }
}

TEST_CASE("a product that a SKU names but the shop lacks is said to be missing") {
  auto shop = audio_shop();
  shop.earlier = {"GONE-1"};
  CHECK_THAT(joined(shopper_asks(shop, "product_pitch", "how much is it?")),
             ContainsSubstring("The shop has no product “GONE-1”."));
}
