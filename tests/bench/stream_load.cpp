#include "tests/bench/stream_load.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string_view>
#include <vector>

namespace flipsync::bench {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

struct tally {
  const stream_load_settings& settings;
  asio::io_context io{1};
  std::vector<float> first;
  std::vector<float> last;
  std::vector<float> all;
  std::uint64_t errors = 0;
  std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();

  /// `sent`: on the steady clock, in nanoseconds.
  [[nodiscard]] bool counts(long long sent) const {
    const auto at = std::chrono::nanoseconds{sent} - begun.time_since_epoch();
    return at >= settings.from && (settings.until.count() == 0 || at < settings.until);
  }
};

class reader {
public:
  explicit reader(tally& owner) : tally_{owner}, socket_{owner.io}, delay_{owner.io} {}

  void start(std::chrono::microseconds after) {
    delay_.expires_after(after);
    delay_.async_wait([this](auto) { connect(); });
  }

private:
  void connect() {
    socket_.async_connect({asio::ip::address_v4::loopback(), tally_.settings.port},
                          [this](auto why) {
                            if (why)
                              return fail();
                            socket_.set_option(tcp::no_delay{true});
                            ask();
                          });
  }

  void fail() { ++tally_.errors; }

  void ask() {
    if (round_++ == tally_.settings.rounds)
      return;
    seen_ = 0;
    text_.clear();
    at_ = 0;
    asio::async_write(socket_, asio::buffer(tally_.settings.request),
                      [this](auto why, std::size_t) { why ? fail() : read(); });
  }

  void read() {
    socket_.async_read_some(asio::buffer(piece_), [this](auto why, std::size_t bytes) {
      if (why)
        return fail();
      text_.append(piece_.data(), bytes);
      take_tokens();
      constexpr std::string_view end = "0\r\n\r\n";
      if (!text_.ends_with(end))
        return read();
      if (seen_ != tally_.settings.tokens || text_.find("[DONE]") == std::string::npos)
        fail();
      ask();
    });
  }

  /// Each token says when it was sent: "@<nanoseconds> ".
  void take_tokens() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    for (;;) {
      const auto mark = text_.find('@', at_);
      const auto end = mark == std::string::npos ? mark : text_.find(' ', mark);
      if (end == std::string::npos)
        return;
      at_ = end;
      long long sent = 0;
      std::from_chars(text_.data() + mark + 1, text_.data() + end, sent);
      const auto took = static_cast<float>(now - sent) / 1000;
      ++seen_;
      if (!tally_.counts(sent))
        continue;
      if (seen_ == 1)
        tally_.first.push_back(took);
      if (seen_ == tally_.settings.tokens)
        tally_.last.push_back(took);
      tally_.all.push_back(took);
    }
  }

  tally& tally_;
  tcp::socket socket_;
  asio::steady_timer delay_;
  std::array<char, 16384> piece_{};
  std::string text_;
  std::size_t at_ = 0; ///< how far the text was looked at
  int round_ = 0;
  int seen_ = 0; ///< tokens of this answer
};

double at_quantile(const std::vector<float>& sorted, double q) {
  return sorted.empty()
           ? 0
           : sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
}

} // namespace

stream_load_result read_streams(const stream_load_settings& settings) {
  tally state{settings};
  std::vector<std::unique_ptr<reader>> readers;
  for (std::size_t i = 0; i < settings.streams; ++i) {
    readers.push_back(std::make_unique<reader>(state));
    readers.back()->start(settings.spread * static_cast<std::int64_t>(i)
                          / static_cast<std::int64_t>(settings.streams));
  }
  state.io.run();
  std::sort(state.first.begin(), state.first.end());
  std::sort(state.last.begin(), state.last.end());
  std::sort(state.all.begin(), state.all.end());
  stream_load_result result;
  result.tokens = state.all.size();
  result.errors = state.errors;
  result.first_p50 = at_quantile(state.first, 0.5);
  result.first_p99 = at_quantile(state.first, 0.99);
  result.last_p99 = at_quantile(state.last, 0.99);
  result.p50 = at_quantile(state.all, 0.5);
  result.p99 = at_quantile(state.all, 0.99);
  result.max = at_quantile(state.all, 1);
  return result;
}

std::string show(const stream_load_result& r) {
  std::array<char, 200> line;
  std::snprintf(line.data(), line.size(),
                "first token p50 %.0f us p99 %.0f us, last p99 %.0f us, all p50 %.0f us p99 %.0f "
                "us max %.0f us, %llu "
                "tokens, %llu errors",
                r.first_p50, r.first_p99, r.last_p99, r.p50, r.p99, r.max,
                static_cast<unsigned long long>(r.tokens),
                static_cast<unsigned long long>(r.errors));
  return line.data();
}

} // namespace flipsync::bench
