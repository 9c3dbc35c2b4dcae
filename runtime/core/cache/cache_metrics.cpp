#include "runtime/core/cache/cache_metrics.hpp"

#include <string_view>

namespace flipsync {

namespace {

struct family {
  std::string_view name;
  std::string_view type;
  std::string_view help;
  std::uint64_t (*value)(const cache_view&);
};

constexpr family families[]{
  {"hits_total", "counter", "Questions answered from the cache.",
   [](const cache_view& c) { return c.hits; }},
  {"misses_total", "counter", "Questions that the cache had no answer to.",
   [](const cache_view& c) { return c.misses; }},
  {"shared_total", "counter", "Calls that an equal one under way answered.",
   [](const cache_view& c) { return c.shared; }},
  {"second_hits_total", "counter", "Hits that came from outside of the process.",
   [](const cache_view& c) { return c.from_second; }},
  {"evictions_total", "counter", "Entries that had to make room.",
   [](const cache_view& c) { return c.evictions; }},
  {"saved_tokens_total", "counter", "Tokens that were not spent again.",
   [](const cache_view& c) { return c.saved_tokens; }},
  {"saved_milliseconds_total", "counter", "Provider time that was not waited for again.",
   [](const cache_view& c) { return static_cast<std::uint64_t>(c.saved_time.count() / 1000); }},
  {"saved_micro_usd_total", "counter", "Millionths of a US dollar that were not spent again.",
   [](const cache_view& c) { return static_cast<std::uint64_t>(c.saved.nanos / 1000); }},
  {"entries", "gauge", "Entries held.", [](const cache_view& c) { return c.entries; }},
  {"bytes", "gauge", "Bytes held.", [](const cache_view& c) { return c.bytes; }},
};

void append_head(std::string& out, std::string_view name, std::string_view type,
                 std::string_view help) {
  out.append("# HELP flipsync_cache_").append(name).append(" ").append(help).append("\n");
  out.append("# TYPE flipsync_cache_").append(name).append(" ").append(type).append("\n");
}

void append_plain(std::string& out, std::string_view name, std::string_view type,
                  std::string_view help, std::uint64_t value) {
  append_head(out, name, type, help);
  out.append("flipsync_cache_").append(name).append(" ").append(std::to_string(value)).append("\n");
}

} // namespace

void append_cache_metrics(std::string& out, const std::vector<cache_view>& caches,
                          const std::optional<second_cache_view>& second) {
  for (const auto& family : families) {
    append_head(out, family.name, family.type, family.help);
    for (const auto& cache : caches) {
      out.append("flipsync_cache_").append(family.name).append("{class=\"").append(cache.name);
      if (!cache.provider.empty())
        out.append("\",provider=\"").append(cache.provider);
      out.append("\"} ").append(std::to_string(family.value(cache))).append("\n");
    }
  }
  if (!second)
    return;
  append_plain(out, "second_up", "gauge", "1 while the second cache is asked.",
               std::uint64_t{second->up});
  append_plain(out, "second_failures_total", "counter",
               "Its commands that failed or came too late.", second->failures);
  append_plain(out, "second_dropped_total", "counter", "Its commands that were not begun.",
               second->dropped);
}

} // namespace flipsync
