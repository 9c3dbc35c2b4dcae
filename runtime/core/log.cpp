#include "runtime/core/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <memory>

#include "runtime/core/log_line.hpp"

namespace flipsync::log {

namespace {

spdlog::logger& logger() {
  // Never destroyed: actors on their way down may still log while statics are torn down.
  static auto* const instance = [] {
    auto* made = new spdlog::logger("flipsync", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_formatter(std::make_unique<spdlog::pattern_formatter>(
      "time=%Y-%m-%dT%H:%M:%S.%eZ level=%l %v", spdlog::pattern_time_type::utc));
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  return *instance;
}

void write(spdlog::level::level_enum level, std::string_view event,
           std::initializer_list<field> fields) {
  try {
    auto& out = logger();
    if (!out.should_log(level))
      return;
    const auto line = format_line(event, fields);
    out.log(level, spdlog::string_view_t{line.data(), line.size()});
  } catch (...) {
    // A line that cannot be written must not fail the work it tells of.
  }
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7F;
}

bool needs_quotes(std::string_view value) {
  return value.empty() || std::any_of(value.begin(), value.end(), [](char c) {
           return c == ' ' || c == '"' || c == '=' || c == '\\' || is_control(c);
         });
}

void append_escaped(std::string& out, char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  if (c == '"' || c == '\\') {
    out += '\\';
    out += c;
  } else if (c == '\n') {
    out += "\\n";
  } else if (is_control(c)) {
    const auto byte = static_cast<unsigned char>(c);
    out += "\\x";
    out += hex[byte >> 4];
    out += hex[byte & 15u];
  } else {
    out += c;
  }
}

void append_value(std::string& out, std::string_view value) {
  if (!needs_quotes(value)) {
    out += value;
    return;
  }
  out += '"';
  for (const char c : value)
    append_escaped(out, c);
  out += '"';
}

} // namespace

std::string format_line(std::string_view event, std::initializer_list<field> fields) {
  std::string out = "event=";
  append_value(out, event);
  for (const auto& [key, value] : fields) {
    out += ' ';
    out += key;
    out += '=';
    append_value(out, value);
  }
  return out;
}

bool informs() noexcept { return logger().should_log(spdlog::level::info); }

void set_level(std::string_view level) {
  static constexpr std::pair<std::string_view, spdlog::level::level_enum> levels[] = {
    {"trace", spdlog::level::trace}, {"debug", spdlog::level::debug}, {"info", spdlog::level::info},
    {"warn", spdlog::level::warn},   {"error", spdlog::level::err},   {"off", spdlog::level::off},
  };
  auto chosen = spdlog::level::info;
  for (const auto& [name, value] : levels)
    if (name == level)
      chosen = value;
  logger().set_level(chosen);
}

void info(std::string_view event, std::initializer_list<field> fields) {
  write(spdlog::level::info, event, fields);
}

void warn(std::string_view event, std::initializer_list<field> fields) {
  write(spdlog::level::warn, event, fields);
}

void error(std::string_view event, std::initializer_list<field> fields) {
  write(spdlog::level::err, event, fields);
}

void debug(std::string_view event, std::initializer_list<field> fields) {
  write(spdlog::level::debug, event, fields);
}

} // namespace flipsync::log
