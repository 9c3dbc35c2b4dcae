#include "runtime/app/doctor/finding.hpp"

#include <algorithm>

#include "runtime/app/output.hpp"
#include "runtime/core/wire/json_append.hpp"

namespace flipsync::app {
namespace {

std::size_t count(const findings& all, verdict how) {
  return static_cast<std::size_t>(
    std::count_if(all.begin(), all.end(), [how](const finding& f) { return f.how == how; }));
}

std::string number_of(std::size_t count, const std::string& thing) {
  return (count == 0 ? "no" : std::to_string(count)) + " " + thing + (count == 1 ? "" : "s");
}

std::string padded(std::string_view text, std::size_t width) {
  std::string out{text};
  out.resize(std::max(width, out.size()), ' ');
  return out;
}

} // namespace

std::string_view to_string(verdict v) noexcept {
  switch (v) {
  case verdict::ok:
    return "ok";
  case verdict::warning:
    return "warning";
  case verdict::problem:
    break;
  }
  return "problem";
}

std::string as_text(const findings& all) {
  std::size_t width = 0;
  for (const auto& f : all)
    width = std::max(width, f.about.size());
  std::string out;
  for (const auto& f : all) {
    out += padded(to_string(f.how), 9) + padded(f.about, width + 2) + printable(f.detail) + '\n';
    if (!f.advice.empty())
      out += std::string(9, ' ') + "-> " + printable(f.advice) + '\n';
  }
  return out + number_of(count(all, verdict::problem), "problem") + ", "
         + number_of(count(all, verdict::warning), "warning") + ".\n";
}

std::string as_json(const findings& all) {
  std::string out;
  wire::json_object object{out};
  object.number("problems", count(all, verdict::problem));
  object.number("warnings", count(all, verdict::warning));
  wire::append_array(object.key("findings"), all, [](std::string& to, const finding& f) {
    wire::json_object one{to};
    one.text("check", f.about);
    one.text("state", to_string(f.how));
    one.text("detail", f.detail);
    one.text("advice", f.advice);
    one.close();
  });
  object.close();
  return out + '\n';
}

bool any_problem(const findings& all) noexcept { return count(all, verdict::problem) > 0; }

} // namespace flipsync::app
