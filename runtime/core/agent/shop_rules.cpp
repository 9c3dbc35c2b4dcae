#include "runtime/core/agent/shop_rules.hpp"

namespace flipsync {

namespace {

/// Listing prices and title limits are BUSINESS's; fees are the usual ones of a seller without a
/// contract of his own, and are there to be overridden.
std::vector<marketplace_rules> default_marketplaces() {
  marketplace_rules amazon;
  amazon.name = "amazon";
  amazon.price_thousandths = 1050;
  amazon.title_limit = 200;
  amazon.title_warn = 150;
  amazon.bullets = 5;
  amazon.description_limit = 2000;
  amazon.fee_thousandths = 150;
  amazon.fixed_fee = money{0};

  marketplace_rules ebay;
  ebay.name = "ebay";
  ebay.price_thousandths = 980;
  ebay.title_limit = 80;
  ebay.bullets = 5;
  ebay.description_limit = 4000;
  ebay.fee_thousandths = 136;
  ebay.fixed_fee = money{40};

  marketplace_rules storefront;
  storefront.name = "storefront";
  storefront.price_thousandths = 1000;
  storefront.bullets = 6;
  storefront.fee_thousandths = 29;
  storefront.fixed_fee = money{30};
  return {amazon, ebay, storefront};
}

std::vector<std::string> default_inquiry_phrases() {
  return {
    "do you have",      "do you sell",       "do you carry",     "do you stock",
    "you got any",      "got any",           "have you got",     "show me",
    "looking for",      "look for",          "searching for",    "search for",
    "find me",          "help me find",      "can i get",        "can i buy",
    "where can i find", "i want to buy",     "i want a",         "i want an",
    "i need a",         "i need an",         "i need some",      "i d like",
    "i would like",     "id like",           "shopping for",     "in the market for",
    "price of",         "how much is",       "how much are",     "how much for",
    "how much does",    "what does it cost", "recommend",        "recommendation",
    "recommendations",  "suggest",           "suggestion",       "suggestions",
    "what s the best",  "whats the best",    "what is the best", "best rated",
    "any good",         "anything for",      "something for",    "gift for",
    "what kind of",     "what kinds of",     "which one",        "under",
    "cheaper than",     "less than",         "in stock",         "compare",
    "alternatives to",  "similar to",        "available",
  };
}

std::vector<shop_topic> default_topics() {
  const std::string shipping = "What shipping costs, and how long it takes, depends on the weight "
                               "of the parcel and on where it "
                               "goes.";
  const std::string returns =
    "What does not suit can be returned within {refund_days} days of the order.";
  return {
    {"sleep", {"Show indica", "Show edibles"}},
    {"pain", {"Show CBD", "Show topicals"}},
    {"gift", {"Gifts under $30", "Most popular gifts"}},
    {"cheap", {"What is under $20?", "Show me the cheapest products"}},
    {"shipping", {"How long does delivery take?", "What is the return policy?"}, shipping},
    {"delivery", {"What does shipping cost?", "What is the return policy?"}, shipping},
    {"return", {"What is the return policy?", "What does shipping cost?"}, returns},
    {"refund", {"What is the return policy?"}, returns},
    {"new", {"Show best sellers"}},
  };
}

} // namespace

shop_rules default_shop_rules() {
  shop_rules rules;
  rules.marketplaces = default_marketplaces();
  rules.inquiry_phrases = default_inquiry_phrases();
  rules.topics = default_topics();
  rules.default_replies = {"Show best sellers", "What is in stock?", "What is under $20?",
                           "Shipping and returns"};
  rules.banned_words = {"guaranteed", "guarantee", "miracle",      "cure",          "cures",
                        "risk free",  "cheapest",  "best price",   "free shipping", "top rated",
                        "number one", "100 off",   "limited time", "act now",       "fda approved"};
  rules.age_gated_categories = {"Alcohol", "Cannabis", "Tobacco", "Vape"};
  return rules;
}

} // namespace flipsync
