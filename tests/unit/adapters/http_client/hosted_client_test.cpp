/// The client on a host's thread: what moves, what stays the same, and what happens at either end.

#include <catch2/catch_test_macros.hpp>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "adapters/http_client/http_client.hpp"
#include "tests/support/fake_http_server.hpp"
#include "tests/unit/adapters/http_client/recording_observer.hpp"

using namespace flipsync;
using namespace flipsync::testing;
using namespace std::chrono_literals;

namespace {

/// A thread that waits for its guests, and for things to do.
class test_host {
public:
  explicit test_host(std::shared_ptr<shared_loop> meeting) : meeting_{std::move(meeting)} {
    meeting_->open([this](const std::shared_ptr<loop_guest>& guest) {
      ++came;
      post([this, guest] {
        guest->move_in([this] { soon_ = true; });
        guests_.push_back(guest);
        guest->ready();
      });
    });
  }
  ~test_host() {
    end();
    ::close(bell_);
  }
  test_host(const test_host&) = delete;
  test_host& operator=(const test_host&) = delete;

  /// Guests go on by themselves from here on.
  void end() {
    if (!thread_.joinable())
      return;
    meeting_->close();
    post([this] {
      for (const auto& each : std::exchange(guests_, {}))
        each->move_out();
      over_ = true;
    });
    thread_.join();
  }

  void post(std::function<void()> what) {
    {
      const std::lock_guard lock{mutex_};
      posted_.push_back(std::move(what));
    }
    eventfd_write(bell_, 1);
  }
  /// Does it on the host's thread, and waits for it.
  void on_thread(const std::function<void()>& what) {
    std::promise<void> done;
    post([&] {
      what();
      done.set_value();
    });
    done.get_future().get();
  }
  [[nodiscard]] std::thread::id thread() const { return thread_.get_id(); }
  [[nodiscard]] std::size_t guests() {
    std::size_t count = 0;
    on_thread([&] { count = guests_.size(); });
    return count;
  }

  std::atomic<int> came = 0;

private:
  void run() {
    while (!over_) {
      std::vector<pollfd> waits{{bell_, POLLIN, 0}};
      auto until = loop_guest::steady::now() + 10s;
      for (const auto& each : guests_) {
        waits.push_back({each->descriptor(), POLLIN, 0});
        until = std::min(until, each->due().value_or(until));
      }
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(
        std::max(until - loop_guest::steady::now(), loop_guest::steady::duration::zero()));
      ::poll(waits.data(), waits.size(), soon_ ? 0 : static_cast<int>(left.count()));
      soon_ = false;
      for (std::size_t i = 0; i + 1 < waits.size(); ++i)
        waits[i + 1].revents != 0 ? guests_[i]->ready() : guests_[i]->tend();
      std::erase_if(guests_, [](const auto& each) { return each->ended(); });
      eventfd_t rung = 0;
      if (waits[0].revents != 0)
        eventfd_read(bell_, &rung);
      std::vector<std::function<void()>> todo;
      {
        const std::lock_guard lock{mutex_};
        todo.swap(posted_);
      }
      for (const auto& each : todo)
        each();
    }
  }

  std::shared_ptr<shared_loop> meeting_;
  int bell_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  std::mutex mutex_;
  std::vector<std::function<void()>> posted_;
  // The host's thread only.
  std::vector<std::shared_ptr<loop_guest>> guests_;
  bool soon_ = false;
  bool over_ = false;
  std::thread thread_{[this] { run(); }};
};

struct hosted {
  std::shared_ptr<shared_loop> meeting = std::make_shared<shared_loop>();
  test_host host{meeting};
  fake_http_server server;
  std::shared_ptr<byte_exchange> http = make_http_client({}, meeting);

  std::shared_ptr<recording_observer> start() {
    auto seen = std::make_shared<recording_observer>();
    http->start(post_to(server.url()), seen);
    return seen;
  }
};

} // namespace

TEST_CASE("a client with a host has its exchanges on the host's thread") {
  hosted h;
  CHECK(h.host.came == 0); // nothing moves in before there is something to do
  for (int i = 0; i < 3; ++i) {
    h.server.push(fake_response::json("{}"));
    const auto seen = h.start();
    REQUIRE(seen->wait().has_value());
    CHECK(seen->thread() == h.host.thread());
  }
  CHECK(h.host.came == 1);
  CHECK(h.server.connections().size() == 1); // kept, as ever
}

TEST_CASE("an exchange that the host's thread starts needs no other") {
  hosted h;
  h.server.push(fake_response::json("{}"));
  h.server.push(fake_response::json("{}"));
  REQUIRE(h.start()->wait().has_value());
  auto seen = std::make_shared<recording_observer>();
  h.host.on_thread([&] { h.http->start(post_to(h.server.url()), seen); });
  REQUIRE(seen->wait().has_value());
  CHECK(seen->thread() == h.host.thread());
}

TEST_CASE("a client whose first exchange finds no host has a thread of its own, for good") {
  const auto meeting = std::make_shared<shared_loop>();
  fake_http_server server{[](const fake_request&) { return fake_response::json("{}"); }};
  const auto http = make_http_client({}, meeting);
  const auto first = std::make_shared<recording_observer>();
  http->start(post_to(server.url()), first);
  REQUIRE(first->wait().has_value());
  test_host host{meeting};
  const auto second = std::make_shared<recording_observer>();
  http->start(post_to(server.url()), second);
  REQUIRE(second->wait().has_value());
  CHECK(second->thread() == first->thread());
  CHECK(host.came == 0);
}

TEST_CASE("a timeout ends an exchange on a host's thread in time") {
  hosted h;
  h.server.push(fake_response::silence());
  auto request = post_to(h.server.url());
  request.first_byte_timeout = 50ms;
  const auto seen = std::make_shared<recording_observer>();
  h.http->start(std::move(request), seen);
  const auto outcome = seen->wait();
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().code == errc::deadline_exceeded);
  CHECK(seen->thread() == h.host.thread());
}

TEST_CASE("a cancel from any thread closes the socket of a hosted client within 10 ms") {
  hosted h;
  h.server.push(fake_response::silence());
  const auto seen = std::make_shared<recording_observer>();
  const auto running = h.http->start(post_to(h.server.url()), seen);
  REQUIRE(h.server.wait_for_requests(1));
  const auto begun = std::chrono::steady_clock::now();
  running->cancel();
  REQUIRE(h.server.wait_for_closed(1));
  CHECK(*h.server.connections().front().closed_by_client - begun < 10ms);
  CHECK(seen->finishes() == 0);
}

TEST_CASE("an exchange goes on when its host ends in the middle of it") {
  hosted h;
  std::promise<void> ended;
  auto until = ended.get_future().share();
  fake_http_server slow{[until](const fake_request&) {
    until.wait();
    return fake_response::json("{}");
  }};
  const auto seen = std::make_shared<recording_observer>();
  h.http->start(post_to(slow.url()), seen);
  REQUIRE(slow.wait_for_requests(1));
  const auto host = h.host.thread();
  h.host.end();
  ended.set_value();
  REQUIRE(seen->wait().has_value());
  CHECK(seen->thread() != host);
  h.server.push(fake_response::json("{}"));
  const auto next = h.start();
  REQUIRE(next->wait().has_value());
  CHECK(next->thread() == seen->thread());
}

TEST_CASE("releasing a hosted client ends its exchanges, and its host lets go of it") {
  hosted h;
  h.server.push(fake_response::silence());
  const auto seen = h.start();
  REQUIRE(h.server.wait_for_requests(1));
  h.http.reset();
  const auto outcome = seen->wait();
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().code == errc::shutting_down);
  CHECK(h.host.guests() == 0);
}

TEST_CASE(
  "a hosted client may be released by the host's own thread, in the middle of an exchange") {
  hosted h;
  h.server.push(fake_response::json("{}"));
  auto seen = std::make_shared<recording_observer>();
  seen->at_finish = [&] { h.http.reset(); };
  h.http->start(post_to(h.server.url()), seen);
  REQUIRE(seen->wait().has_value());
  CHECK(h.host.guests() == 0);
}

TEST_CASE("a client that was never used is released without a host or a thread") {
  const auto meeting = std::make_shared<shared_loop>();
  test_host host{meeting};
  make_http_client({}, meeting).reset();
  CHECK(host.came == 0);
}

TEST_CASE("several clients share one host") {
  hosted h;
  const auto other = make_http_client({}, h.meeting);
  fake_http_server server{[](const fake_request&) { return fake_response::json("{}"); }};
  std::vector<std::shared_ptr<recording_observer>> all;
  for (int i = 0; i < 20; ++i) {
    all.push_back(std::make_shared<recording_observer>());
    (i % 2 == 0 ? h.http : other)->start(post_to(server.url()), all.back());
  }
  for (const auto& seen : all) {
    REQUIRE(seen->wait().has_value());
    CHECK(seen->thread() == h.host.thread());
  }
  CHECK(h.host.came == 2);
}
