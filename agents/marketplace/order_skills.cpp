/// order_lookup and refund_check.
#include <algorithm>
#include <array>
#include <cmath>

#include "agents/common/focus_plan.hpp"
#include "agents/common/json_writer.hpp"
#include "agents/common/marketplaces.hpp"
#include "agents/common/percentage.hpp"
#include "agents/common/seller_skill.hpp"
#include "agents/common/target.hpp"
#include "agents/common/wording.hpp"
#include "agents/marketplace/deal_rules.hpp"
#include "agents/marketplace/marketplace_parts.hpp"
#include "agents/marketplace/order_wish.hpp"

namespace flipsync::marketplace {

namespace {

using wording::count;

constexpr std::string_view order_schema =
  R"({"type":"object","properties":{"order_id":{"type":"string","description":"id of the order; without one, the newest"}},)"
  R"("additionalProperties":false})";
constexpr std::string_view refund_schema =
  R"({"type":"object","properties":{"order_id":{"type":"string"},)"
  R"("amount":{"type":"number","minimum":0,"description":"what to pay back; without it, the whole order"}},)"
  R"("required":["order_id"],"additionalProperties":false})";
constexpr std::uint32_t most_lines = 50;

/// The id the message names: its own field, else a word such as "ORD-1001", else that of the order
/// which "it" means. Empty: none.
std::string order_id_of(const message_reading& message) {
  if (!message.order_id.empty())
    return message.order_id;
  const std::string_view text = message.text;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find_first_of(" \t\n,;?!", at), text.size());
    auto word = text.substr(at, end - at);
    while (word.ends_with('.'))
      word.remove_suffix(1);
    if (fold(word).starts_with("ord ")
        && word.find_first_of("0123456789") != std::string_view::npos)
      return std::string{word};
    at = end + 1;
  }
  return message.earlier_order;
}

/// The products of the lines: what "it" and "the second one" mean next.
void note_products(const std::vector<order_line>& lines, skill_output& out) {
  for (const auto& line : lines)
    if (std::find(out.skus.begin(), out.skus.end(), line.sku) == out.skus.end())
      out.skus.push_back(line.sku);
}

/// Whether one status is told for all lines.
bool same_status(const std::vector<order_line>& lines) {
  return std::all_of(lines.begin(), lines.end(),
                     [&](const order_line& line) { return line.status == lines.front().status; });
}

std::string line_text(const order_line& line) {
  return std::to_string(line.quantity) + " × " + line.sku + " at " + show(line.unit_price);
}

std::string line_json(const order_line& line) {
  return json_object{}
    .add("order_id", line.order_id)
    .add("sku", line.sku)
    .add("quantity", line.quantity)
    .add("unit_price", line.unit_price)
    .add("marketplace", line.marketplace)
    .add("status", line.status)
    .add("buyer", line.buyer)
    .add("ordered_at", to_rfc3339(line.ordered_at))
    .str();
}

std::string lines_json(const std::vector<order_line>& lines) {
  std::vector<std::string> json;
  json.reserve(lines.size());
  for (const auto& line : lines)
    json.push_back(line_json(line));
  return json_array(json);
}

std::string order_sentence(const std::vector<order_line>& lines, wall_time now) {
  const auto& first = lines.front();
  std::vector<std::string> items;
  items.reserve(lines.size());
  const bool same = same_status(lines);
  for (const auto& line : lines)
    items.push_back(line_text(line)
                    + (same || line.status.empty() ? "" : " (" + line.status + ")"));
  auto text = "Order " + first.order_id
              + (!same || first.status.empty() ? "" : " is " + first.status + "; it")
              + " was placed " + wording::age(now - first.ordered_at) + " ago";
  if (!first.marketplace.empty())
    text += " on " + first.marketplace;
  if (!first.buyer.empty())
    text += " by " + first.buyer;
  return text + ", holds " + wording::list(items) + ", and comes to " + show(order_total(lines))
         + ".";
}

skill_output no_order(const std::string& id) {
  skill_output out;
  out.facts.push_back("The shop has no order with the id " + id + ".");
  out.missing.push_back("order " + id);
  out.json = json_object{}.add("found", false).add("order_id", id).str();
  return out;
}

/// Says that other orders, which the message names, were not looked at.
void say_other_orders(const skill_input& input, const std::string& id, skill_output& out) {
  if (const auto others = other_order_ids(input.message, id); !others.empty())
    out.facts.push_back("Only order " + id + " was looked at; ask for " + wording::list(others)
                        + (others.size() == 1 ? " by itself." : " by themselves."));
}

class order_lookup final : public seller_skill {
public:
  order_lookup()
    : seller_skill{
      {"order_lookup",
       "An order with its lines, status and total, or the newest orders: of a product, "
       "a status, a marketplace, a span of time.",
       order_schema}} {}

private:
  [[nodiscard]] heard hears(const skill_input& input) const override {
    return order_id_of(input.message).empty() ? heard{.period = true} : heard::everything();
  }
  [[nodiscard]] std::vector<store_query> reads(const skill_input& input) const override {
    const auto id = order_id_of(input.message);
    if (!id.empty())
      return {order_query{id, most_lines}};
    return {orders_wished(input).query};
  }
  [[nodiscard]] skill_output answer(const skill_input& input,
                                    const std::vector<const store_rows*>& rows) const override {
    const auto& found = row_as<order_rows>(rows, 0);
    const auto id = order_id_of(input.message);
    if (id.empty())
      return list(input, found);
    if (found.lines.empty())
      return no_order(id);
    skill_output out;
    out.json = json_object{}.add("found", true).raw("lines", lines_json(found.lines)).str();
    note_products(found.lines, out);
    out.facts.push_back(order_sentence(found.lines, input.now));
    say_other_orders(input, id, out);
    return out;
  }

  static skill_output list(const skill_input& input, const order_rows& found) {
    const auto wish = orders_wished(input);
    const auto& lines = found.lines;
    skill_output out;
    json_object json;
    json.add("found", !lines.empty());
    if (wish.query.counted)
      json.add("orders", found.orders);
    out.json = json.raw("lines", lines_json(lines)).str();
    note_products(lines, out);
    out.facts.push_back(headline(wish, found));
    for (const auto& line : lines)
      out.facts.push_back("Order " + line.order_id
                          + (line.status.empty() ? "" : " (" + line.status + ")") + ": "
                          + line_text(line) + (line.buyer.empty() ? "" : " for " + line.buyer)
                          + ", " + wording::age(input.now - line.ordered_at) + " ago.");
    if (lines.empty())
      out.missing.emplace_back("orders");
    else
      out.facts.emplace_back("Name an order's id to see it whole.");
    if (!target_of(input.message).named)
      say_scope(input.message, out);
    return out;
  }

  static std::string headline(const order_wish& wish, const order_rows& found) {
    const auto n = static_cast<std::int64_t>(found.lines.size());
    const auto are_these = count(n, "order line") + (n == 1 ? " is this." : " are these.");
    if (!wish.query.counted)
      return n == 0 ? "No orders are recorded." : "The newest " + are_these;
    const auto kind = (wish.status.empty() ? "" : wish.status + " ") + "order";
    if (n == 0)
      return "There is no " + kind + wish.described + ".";
    const auto all = static_cast<std::int64_t>(found.orders);
    return std::string{"There "} + (all == 1 ? "is " : "are ") + count(all, kind) + wish.described
           + "; the newest " + are_these;
  }
};

/// "half of order 7", "refund 30 %": thousandths of an order, where the message names a share.
std::optional<std::int64_t> share_named(const message_reading& message) {
  constexpr std::array<std::string_view, 5> halves{"half of", "half the", "half this", "half that",
                                                   "refund half"};
  if (holds_any_phrase(message.words, halves))
    return 500;
  const auto percent = percentage_of(message.text);
  if (!percent || *percent <= 0 || *percent > 100)
    return std::nullopt;
  return std::llround(*percent * 10);
}

class refund_check final : public seller_skill {
public:
  refund_check()
    : seller_skill{{"refund_check",
                    "Whether an order may be refunded under the shop's policy, and who decides.",
                    refund_schema}} {}

private:
  [[nodiscard]] std::vector<store_query> reads(const skill_input& input) const override {
    const auto id = order_id_of(input.message);
    return id.empty() ? std::vector<store_query>{}
                      : std::vector<store_query>{order_query{id, most_lines}};
  }
  [[nodiscard]] skill_output answer(const skill_input& input,
                                    const std::vector<const store_rows*>& rows) const override {
    const auto id = order_id_of(input.message);
    skill_output out;
    if (id.empty()) {
      out.facts.push_back("Orders can be refunded for " + count(input.rules->refund_days, "day")
                          + "; above " + show(input.rules->human_refund_above)
                          + " a human decides. Name an order's id to have it checked.");
      out.missing.emplace_back("order id");
      out.json = json_object{}
                   .add("refund_days", input.rules->refund_days)
                   .add("human_above", input.rules->human_refund_above)
                   .str();
      return out;
    }
    const auto& lines = row_as<order_rows>(rows, 0).lines;
    if (lines.empty())
      return no_order(id);
    auto verdict = check_refund(lines, input.message.amount, *input.rules, input.now);
    if (const auto share = share_named(input.message); share && !input.message.amount)
      verdict = check_refund(lines, scale(verdict.amount, *share), *input.rules, input.now);
    out.facts.push_back(headline(id, verdict) + ": " + verdict.reason + ".");
    out.facts.push_back(order_sentence(lines, input.now));
    say_other_orders(input, id, out);
    note_products(lines, out);
    out.json = json_object{}
                 .add("order_id", id)
                 .add("answer", to_string(verdict.answer))
                 .add("amount", verdict.amount)
                 .add("age_days", verdict.age_days)
                 .add("reason", verdict.reason)
                 .str();
    return out;
  }
  static std::string headline(const std::string& id, const refund_verdict& verdict) {
    switch (verdict.answer) {
    case refund_answer::allowed:
      return "A refund of " + show(verdict.amount) + " for order " + id + " is within the policy";
    case refund_answer::human:
      return "A refund of " + show(verdict.amount) + " for order " + id
             + " needs a human's decision";
    case refund_answer::refused:
      return "The policy does not allow a refund of " + show(verdict.amount) + " for order " + id;
    }
    return {};
  }
};

} // namespace

std::shared_ptr<const skill> make_order_lookup() { return std::make_shared<order_lookup>(); }
std::shared_ptr<const skill> make_refund_check() { return std::make_shared<refund_check>(); }

} // namespace flipsync::marketplace
