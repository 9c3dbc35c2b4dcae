#include "adapters/providers/common/side_calls.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "adapters/providers/common/dialect.hpp"
#include "runtime/core/model/fault.hpp"

namespace flipsync::providers {

namespace {

using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

/// Of one page of a list of models.
constexpr std::size_t max_body = 4 * 1024 * 1024;
/// A list with more pages has no end.
constexpr int max_pages = 50;

/// Collects a small response.
class collector final : public exchange_observer {
public:
  using sink = std::function<void(const result<void>&, const exchange_head&, std::string_view)>;
  explicit collector(sink done) : done_{std::move(done)} {}

  void on_head(const exchange_head& head) override { head_ = head; }
  bool on_chunk(std::string_view bytes) override {
    body_ += bytes;
    return true;
  }
  void on_finished(const result<void>& outcome) override { done_(outcome, head_, body_); }

private:
  sink done_;
  exchange_head head_;
  std::string body_;
};

void ask(byte_exchange& http, const provider_settings& settings, exchange_request exchange,
         milliseconds timeout, collector::sink done) {
  limit(exchange, settings.timeouts, timeout);
  exchange.max_response_bytes = max_body;
  auto told = [name = settings.name, done = std::move(done)](
                const result<void>& outcome, const exchange_head& head, std::string_view body) {
    if (outcome)
      done(outcome, head, body);
    else
      done(outcome.error().with("provider", name), head, body);
  };
  http.start(std::move(exchange), std::make_shared<collector>(std::move(told)));
}

bool another_key_may_do(const error& why) { return is_of_key(fault_of(why)); }

/// A list being read. Does not keep the client alive, on whose thread it goes on.
class listing : public std::enable_shared_from_this<listing> {
public:
  using sink = std::function<void(result<std::vector<std::string>>)>;

  listing(const side_desk& desk, milliseconds timeout, sink done)
    : settings_{desk.settings},
      codec_{desk.codec},
      http_{desk.http},
      until_{steady::now() + timeout},
      done_{std::move(done)} {}

  void next(std::string_view page) {
    const auto left = std::chrono::ceil<milliseconds>(until_ - steady::now());
    const auto http = http_.lock();
    if (!http)
      return done_(error{errc::shutting_down, "the HTTP client has ended"});
    if (left.count() <= 0)
      return done_(provider_error(errc::deadline_exceeded, "the list of models took too long",
                                  frame_for(settings_)));
    ask(*http, settings_, codec_->models_request(page, key_), left,
        [self = shared_from_this()](const result<void>& outcome, const exchange_head& head,
                                    std::string_view body) {
          if (outcome)
            self->take(self->codec_->decode_models(head, body));
          else
            self->done_(outcome.error());
        });
  }

private:
  void take(result<model_page> page) {
    if (!page && another_key_may_do(page.error()) && key_ + 1 < settings_.keys()) {
      ++key_;
      names_.clear();
      return next({});
    }
    if (!page)
      return done_(page.error());
    std::move(page->names.begin(), page->names.end(), std::back_inserter(names_));
    if (page->next.empty())
      return done_(std::move(names_));
    if (++pages_ == max_pages)
      return done_(provider_error(errc::malformed_reply, "the list of models has no end",
                                  frame_for(settings_)));
    next(page->next);
  }

  provider_settings settings_;
  std::shared_ptr<const provider_codec> codec_;
  std::weak_ptr<byte_exchange> http_;
  steady::time_point until_;
  sink done_;
  std::vector<std::string> names_;
  int pages_ = 0;
  std::uint32_t key_ = 0;
};

/// Goes through the keys from that one on.
void check_from(const side_desk& desk, std::uint32_t key, steady::time_point until,
                std::function<void(result<void>)> done) {
  const auto left = std::chrono::ceil<milliseconds>(until - steady::now());
  if (key + 1 >= desk.settings.keys())
    return ask_check(desk, key, std::max(left, milliseconds{1}), std::move(done));
  // By a weak reference, since the client must not end on its own thread.
  ask_check(desk, key, std::max(left, milliseconds{1}),
            [settings = desk.settings, codec = desk.codec, http = std::weak_ptr{desk.http}, key,
             until, done = std::move(done)](const result<void>& outcome) mutable {
              const auto client = http.lock();
              if (outcome || !another_key_may_do(outcome.error()) || !client)
                return done(outcome);
              check_from({std::move(settings), codec, client}, key + 1, until, std::move(done));
            });
}

} // namespace

void limit(exchange_request& exchange, const provider_timeouts& limits, milliseconds total) {
  const auto within = [total](milliseconds most) {
    return most.count() > 0 ? std::min(most, total) : total;
  };
  exchange.connect_timeout = within(limits.connect);
  exchange.first_byte_timeout = within(limits.first_byte);
  exchange.idle_timeout = within(limits.idle);
  exchange.total_timeout = total;
}

void ask_check_any(const side_desk& desk, milliseconds timeout,
                   std::function<void(result<void>)> done) {
  check_from(desk, 0, steady::now() + timeout, std::move(done));
}

void ask_check(const side_desk& desk, std::uint32_t key, milliseconds timeout,
               std::function<void(result<void>)> done) {
  ask(*desk.http, desk.settings, desk.codec->check_request(key), timeout,
      [codec = desk.codec, done = std::move(done)](
        const result<void>& outcome, const exchange_head& head, std::string_view body) {
        done(outcome ? codec->decode_check(head, body) : outcome);
      });
}

void ask_models(const side_desk& desk, milliseconds timeout,
                std::function<void(result<std::vector<std::string>>)> done) {
  std::make_shared<listing>(desk, timeout, std::move(done))->next({});
}

} // namespace flipsync::providers
