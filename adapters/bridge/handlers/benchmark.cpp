/// The built-in benchmark: real turns, and how long they took.

#include <algorithm>
#include <vector>

#include "adapters/bridge/handlers/caller.hpp"
#include "adapters/bridge/handlers/groups.hpp"
#include "adapters/bridge/handlers/turn_series.hpp"

namespace flipsync {

namespace {

using std::chrono::microseconds;

/// The value that so many hundredths of the sorted ones do not exceed; 0 of none.
microseconds percentile(const std::vector<microseconds>& sorted, std::size_t hundredths) {
  if (sorted.empty())
    return microseconds{0};
  const auto rank = (sorted.size() * hundredths + 99) / 100;
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

void append_spread(std::string& out, std::vector<microseconds> times) {
  std::sort(times.begin(), times.end());
  wire::json_object object{out};
  object.ms("p50", percentile(times, 50));
  object.ms("p95", percentile(times, 95));
  object.ms("p99", percentile(times, 99));
  object.ms("max", percentile(times, 100));
  object.close();
}

class benchmark final : public turn_series {
public:
  benchmark(std::size_t iterations, turn_request asked)
    : turn_series{iterations},
      asked_{std::move(asked)} {
    totals_.reserve(iterations);
  }

private:
  turn_request request_of(std::size_t) override { return asked_; }

  void ended(const turn_reply& reply) override {
    cost_ = cost_ + reply.cost;
    partial_ += reply.status == turn_status::partial ? 1 : 0;
    cached_ += reply.cached ? 1 : 0;
    if (reply.status == turn_status::failed)
      return;
    totals_.push_back(reply.timings.total);
    if (reply.timings.first_token.count() > 0)
      first_tokens_.push_back(reply.timings.first_token);
  }

  void describe(wire::json_object& into) const override {
    into.number("partial", partial_);
    into.number("cached", cached_);
    const auto whole = std::max<std::int64_t>(took().count(), 1);
    wire::append_score(into.key("turns_per_second"),
                       static_cast<double>(ran()) * 1e6 / static_cast<double>(whole));
    append_spread(into.key("latency_ms"), totals_);
    if (!first_tokens_.empty())
      append_spread(into.key("first_token_ms"), first_tokens_);
    wire::append_usd(into.key("cost_usd"), cost_);
  }

  const turn_request asked_;
  std::vector<microseconds> totals_; ///< of turns that were answered
  std::vector<microseconds> first_tokens_;
  std::size_t partial_ = 0;
  std::size_t cached_ = 0;
  usd cost_;
};

void run_benchmark(http_session& session) {
  const auto& settings = session.services().settings;
  if (!settings.benchmark)
    return session.problem(
      error{errc::forbidden, "the built-in benchmark is off; server.benchmark = true turns it on"});
  const auto iterations = static_cast<std::size_t>(session.query().whole("iterations").value_or(1));
  if (iterations > settings.max_benchmark)
    return session.problem(error{errc::invalid_request, "iterations is at most "
                                                          + std::to_string(settings.max_benchmark)
                                                          + " (server.max_benchmark)"}
                             .with("field", "iterations"));
  turn_request asked;
  asked.message = session.query().text("message").value_or("What should I do today?");
  asked.agent = session.query().text("agent").value_or("");
  asked.who = audience_of(session);
  if (const auto valid = validate(asked); !valid)
    return session.problem(valid.error());
  turn_series::start(session, std::make_shared<benchmark>(iterations, std::move(asked)));
}

constexpr query_field benchmark_fields[]{
  {.name = "iterations",
   .type = query_type::whole,
   .summary = "how many turns, one after another; at most server.max_benchmark",
   .min = 1,
   .max = 100'000},
  {.name = "message",
   .summary = "what each of them asks; else what to do today",
   .min = 1,
   .max = 8000},
  {.name = "agent", .summary = "the agent that answers", .min = 1, .max = 128},
  {.name = "audience",
   .type = query_type::choice,
   .summary = "who asks",
   .choices = "any|shopper|seller"},
};

} // namespace

std::span<const route> benchmark_routes() noexcept {
  static constexpr route table[]{
    {.method = http_method::post,
     .pattern = "/api/v1/benchmark",
     .summary = "runs real turns and tells their latencies, where server.benchmark allows it",
     .handle = run_benchmark,
     .who = access::operators,
     .query = benchmark_fields,
     .reply = "BenchmarkReport"},
  };
  return table;
}

} // namespace flipsync
