#include "runtime/app/chat_view.hpp"

#include <algorithm>
#include <iostream>

#include "runtime/core/wire/json.hpp"

namespace flipsync::app {
namespace {

std::string faint(const std::string& text, bool colour) {
  return colour ? "\033[2m" + text + "\033[0m" : text;
}

/// Who wrote the text: "PROVIDER MODEL", or "rules" where no model was asked.
std::string author(const turn_reply& reply) {
  const auto response =
    std::find_if(reply.parts.begin(), reply.parts.end(),
                 [](const part_report& part) { return part.name == "response"; });
  if (response == reply.parts.end() || response->provider.empty())
    return "rules";
  return response->provider + (response->model.empty() ? "" : " " + response->model);
}

std::string product_lines(const turn_reply& reply) {
  std::string out;
  for (const auto& card : reply.products) {
    out +=
      "  " + show(card.price) + "  " + printable(card.title) + " [" + printable(card.sku) + "]";
    out += card.in_stock ? "\n" : " (out of stock)\n";
    if (!card.pitch.empty())
      out += "      " + printable(card.pitch) + "\n";
  }
  return out;
}

std::string missing_parts(const turn_reply& reply) {
  std::string out;
  for (const auto& part : reply.parts)
    if (part.status == part_status::failed || part.status == part_status::timed_out)
      out += (out.empty() ? " (" : ", ") + part.name + ": " + std::string{to_string(part.status)};
  return out.empty() ? out : out + ")";
}

/// An answer that its model did not end must not look whole.
std::string_view cut_off(const turn_reply& reply) {
  return reply.finish_reason == "length" ? ", cut off by its length" : "";
}

std::string status_line(const turn_reply& reply) {
  const auto total = std::chrono::duration_cast<std::chrono::milliseconds>(reply.timings.total);
  return std::string{to_string(reply.status)}.append(cut_off(reply)) + " | " + reply.agent + " | "
         + author(reply) + " | " + std::to_string(total.count()) + " ms" + missing_parts(reply)
         + " | " + reply.conversation_id;
}

} // namespace

std::string failure_line(const turn_reply& reply) {
  std::string out =
    "flipsync: " + printable(reply.why.message) + " (" + std::string{to_string(reply.why.code)};
  for (const auto& [name, value] : reply.why.details)
    out += ", " + name + ": " + printable(value);
  return out + ")\n";
}

std::string closing_lines(const turn_reply& reply, bool colour) {
  std::string out;
  if (!reply.products.empty())
    out += "\n" + product_lines(reply);
  if (!reply.quick_replies.empty()) {
    out += "\n";
    for (const auto& text : reply.quick_replies)
      out += "  > " + printable(text) + "\n";
  }
  return out + faint("[" + status_line(reply) + "]", colour) + "\n";
}

void human_view::on_event(const turn_event& event) {
  switch (event.type) {
  case event_type::progress:
    show_progress(event);
    break;
  case event_type::token:
    clear_progress();
    shown_ += event.text;
    out_.write(printable(event.text));
    break;
  case event_type::restarted:
    clear_progress();
    out_.write("\n" + faint("[the answer begins anew: " + printable(event.text) + "]", colour_)
               + "\n");
    shown_.clear();
    break;
  case event_type::completed:
  case event_type::failed:
    clear_progress();
    finish(event);
    break;
  default:
    break;
  }
}

void human_view::finish(const turn_event& event) {
  if (!event.reply)
    return;
  const auto& reply = *event.reply;
  if (event.type == event_type::failed) {
    if (!shown_.empty())
      out_.write("\n");
    std::cerr << failure_line(reply);
    return;
  }
  // Parts answered by rules stream no tokens.
  std::string text = shown_.empty() ? printable(reply.message) : std::string{};
  if (const auto& all = shown_.empty() ? reply.message : shown_; !all.ends_with('\n'))
    text += '\n';
  out_.write(text + closing_lines(reply, colour_));
  shown_.clear();
}

void human_view::show_progress(const turn_event& event) {
  if (!show_progress_ || !shown_.empty())
    return;
  std::cerr << "\r\033[K" << printable(event.text) << ", " << event.elapsed.count() / 1000 << " s";
  if (event.typical.count() > 0)
    std::cerr << " (usually " << event.typical.count() / 1000 << '.'
              << event.typical.count() / 100 % 10 << " s)";
  std::cerr << std::flush;
  progress_shown_ = true;
}

void human_view::clear_progress() {
  if (progress_shown_)
    std::cerr << "\r\033[K" << std::flush;
  progress_shown_ = false;
}

void json_view::on_event(const turn_event& event) {
  if (is_terminal(event.type) && event.reply)
    out_.write(wire::to_json(*event.reply) + "\n");
}

} // namespace flipsync::app
