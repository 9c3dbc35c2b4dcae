#include "runtime/core/turn/compose_reply.hpp"

#include <simdjson.h>

#include <algorithm>

namespace flipsync {

namespace {

constexpr std::size_t max_quick_replies = 4;                // BUSINESS: storefront
constexpr auto max_products = static_cast<std::size_t>(-1); // as many as were found

/// How a decision begins.
constexpr std::string_view decided_yes = R"({"show_products":true)";
constexpr std::string_view decided_no = R"({"show_products":false)";

bool missing(const part_report& part) {
  return part.status == part_status::timed_out || part.status == part_status::failed
         || part.status == part_status::cancelled;
}

template <class T>
void append_new(std::vector<T>& to, const std::vector<T>& from) {
  to.reserve(to.size() + from.size());
  for (const auto& item : from)
    if (std::find(to.begin(), to.end(), item) == to.end())
      to.push_back(item);
}

template <class T>
bool repeats(const std::vector<T>& items) {
  for (auto item = items.begin(); item != items.end(); ++item)
    if (std::find(items.begin(), item, *item) != item)
      return true;
  return false;
}

/// What `from`, of `owner`, adds to a reply's list, at most `most` items in all. Nearly always it
/// is the whole list, which is then not copied.
template <class T>
shared_list<T> with_new(const shared_list<T>& to, const std::shared_ptr<const skill_output>& owner,
                        const std::vector<T>& from, std::size_t most) {
  if (to.empty() && from.size() <= most && !repeats(from))
    return shared_list<T>{std::shared_ptr<const std::vector<T>>{owner, &from}};
  auto all = to.items();
  append_new(all, from);
  if (all.size() > most)
    all.resize(most);
  return all;
}

error missing_part_error(const part_report& part) {
  auto why = part.why.code == errc::none ? error{errc::internal, "no reason was given"} : part.why;
  why.details.emplace_back("part", part.name);
  return why;
}

std::string trimmed(std::string_view text) {
  const auto is_edge = [](char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '-' || c == '*' || c == '"';
  };
  while (!text.empty() && is_edge(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_edge(text.back()))
    text.remove_suffix(1);
  return std::string{text};
}

} // namespace

turn_reply compose_reply(const agent_task& task, const gathered& parts) {
  turn_reply reply;
  reply.agent = task.route.agent;
  reply.route = task.route;
  reply.parts.reserve(parts.parts.size());
  for (const auto& each : parts.parts) {
    const auto& part = *each;
    reply.parts.push_back(part.report);
    reply.usage += part.report.tokens;
    reply.cost += part.report.cost;
    reply.wasted += part.report.wasted;
    reply.saved += part.report.saved;
    if (missing(part.report)) {
      if (part.report.required && reply.status != turn_status::failed) {
        reply.status = turn_status::failed;
        reply.why = missing_part_error(part.report);
      } else if (reply.status == turn_status::ok) {
        reply.status = turn_status::partial;
      }
      continue;
    }
    if (part.report.name == "response") {
      reply.message = part.text;
      reply.finish_reason = part.finish_reason;
      if (part.output)
        reply.facts = shared_list<std::string>{
          std::shared_ptr<const std::vector<std::string>>{part.output, &part.output->facts}};
      reply.cached = part.report.cached;
    }
    // A response is informed by products that it need not show: only the parts made for it show
    // them.
    if (!part.output)
      continue;
    if (part.report.name == "products" && part.report.status != part_status::skipped)
      reply.products = with_new(reply.products, part.output, part.output->products, max_products);
    if (part.report.name == "quick_replies")
      reply.quick_replies =
        with_new(reply.quick_replies, part.output, part.output->quick_replies, max_quick_replies);
  }
  return reply;
}

bool is_read_from_text(std::string_view part) noexcept {
  return part == "product_decision" || part == "quick_replies";
}

void read_model_text(const std::string& part, const std::string& text, skill_output& output) {
  if (part == "product_decision") {
    const auto words = words_of(text);
    const bool no = !words.empty() && (words.front() == "no" || words.front() == "false");
    output.json = std::string{no ? decided_no : decided_yes} + '}';
  } else if (part == "quick_replies") {
    output.quick_replies.clear();
    for (std::size_t at = 0; at < text.size() && output.quick_replies.size() < max_quick_replies;) {
      const auto end = std::min(text.find('\n', at), text.size());
      if (auto line = trimmed(std::string_view{text}.substr(at, end - at)); !line.empty())
        append_new(output.quick_replies, {std::move(line)});
      at = end + 1;
    }
  }
}

bool says_yes(const part_outcome& decision) {
  if (!decision.output)
    return true;
  // As rules and read_model_text write it, which spares the reading of the rest.
  if (decision.output->json.starts_with(decided_yes))
    return true;
  if (decision.output->json.starts_with(decided_no))
    return false;
  thread_local simdjson::dom::parser parser; // keeps its buffers
  simdjson::dom::element document;
  bool answer = true;
  if (parser.parse(decision.output->json).get(document) == simdjson::SUCCESS
      && document["show_products"].get(answer) == simdjson::SUCCESS)
    return answer;
  return true;
}

} // namespace flipsync
