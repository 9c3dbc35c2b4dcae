#include "adapters/bridge/side_work.hpp"

#include <boost/asio/post.hpp>
#include <catch2/catch_test_macros.hpp>
#include <sys/eventfd.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

using namespace flipsync;
using namespace std::chrono_literals;

namespace {

namespace asio = boost::asio;

/// A loop that is ready whenever `ring` was called, and writes down what is done with it.
class noting_guest final : public loop_guest {
public:
  ~noting_guest() override { ::close(counter_); }

  void ring() const { eventfd_write(counter_, 1); }

  void move_in(std::function<void()> soon) override {
    notes += "in ";
    this->soon = std::move(soon);
  }
  [[nodiscard]] int descriptor() const noexcept override { return closed ? -1 : counter_; }
  void ready() override {
    eventfd_t rung = 0;
    notes += eventfd_read(counter_, &rung) == 0 ? "rung " : "silent ";
    if (at_ready)
      at_ready();
  }
  void tend() override {
    if (std::exchange(wanted, false))
      notes += "tend ";
    if (due_at && *due_at <= steady::now()) {
      notes += "time ";
      due_at.reset();
    }
    if (at_tend)
      at_tend();
  }
  [[nodiscard]] std::optional<steady::time_point> due() const override { return due_at; }
  [[nodiscard]] bool ended() const noexcept override { return over; }
  void move_out() override { notes += "out "; }

  /// As a guest to which its own thread has given something.
  void ask() {
    wanted = true;
    soon();
  }

  std::string notes;
  std::function<void()> soon;
  std::function<void()> at_ready;
  std::function<void()> at_tend;
  std::optional<steady::time_point> due_at;
  bool wanted = false;
  bool over = false;
  bool closed = false;

private:
  int counter_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
};

struct fixture {
  asio::io_context io{1};
  side_work side{io};
  std::shared_ptr<noting_guest> guest = std::make_shared<noting_guest>();

  fixture() {
    side.take_in(guest);
    guest->notes.clear();
  }
  /// Runs what is ready, and no longer.
  std::string noted() {
    io.poll();
    return std::exchange(guest->notes, {});
  }
};

thread_loan::work note(std::string& where) {
  return {[](void* to, void*) { *static_cast<std::string*>(to) += "lent "; },
          [](void* to, void*) { *static_cast<std::string*>(to) += "back "; }, &where, nullptr};
}

} // namespace

TEST_CASE("a guest is looked at when it moves in, for what came before") {
  asio::io_context io{1};
  side_work side{io};
  const auto guest = std::make_shared<noting_guest>();
  guest->ring();
  side.take_in(guest);
  CHECK(guest->notes == "in rung ");
}

TEST_CASE("a guest is told each time that its descriptor is readable") {
  fixture f;
  CHECK(f.noted().empty());
  for (int i = 0; i < 3; ++i) {
    f.guest->ring();
    CHECK(f.noted() == "rung ");
    CHECK(f.noted().empty());
  }
}

TEST_CASE(
  "what is lent while a guest is ready runs at once, and what it asks of the guest after it") {
  fixture f;
  struct chain {
    noting_guest& guest;
  } made{*f.guest};
  f.guest->at_ready = [&] {
    thread_loan::here()->take({[](void* to, void*) {
                                 auto& guest = static_cast<chain*>(to)->guest;
                                 guest.notes += "lent ";
                                 guest.ask();
                               },
                               nullptr, &made, nullptr});
  };
  f.guest->ring();
  CHECK(f.noted() == "rung lent tend ");
}

TEST_CASE("what a handler lends or asks for is done before the thread waits") {
  fixture f;
  asio::post(f.io, [&] { f.guest->ask(); });
  CHECK(f.noted() == "tend ");
  asio::post(f.io, [&] { thread_loan::here()->take(note(f.guest->notes)); });
  CHECK(f.noted() == "lent ");
}

TEST_CASE("what is put off comes after what was asked of the guests, and before the thread waits") {
  fixture f;
  f.guest->at_ready = [&] {
    f.guest->at_ready = nullptr;
    thread_loan::later([&] {
      f.guest->notes += "later ";
      thread_loan::here()->take(note(f.guest->notes));
    });
    f.guest->ask();
  };
  f.guest->ring();
  CHECK(f.noted() == "rung tend later lent ");
  asio::post(f.io, [&] { thread_loan::later([&] { f.guest->notes += "later "; }); });
  CHECK(f.noted() == "later ");
}

TEST_CASE("a guest that asks for more each time leaves turns to others") {
  fixture f;
  int others = 0;
  int rounds = 0;
  f.guest->at_tend = [&] {
    if (++rounds < 5)
      f.guest->soon();
    asio::post(f.io, [&] { ++others; });
  };
  f.guest->soon();
  for (int i = 0; i < 5; ++i) {
    REQUIRE(others == i);
    f.io.run_one(); // a round
    f.io.run_one(); // the other
  }
  CHECK(rounds == 5);
}

TEST_CASE("a guest's time is kept, and a nearer one comes first") {
  fixture f;
  f.guest->due_at = loop_guest::steady::now() + 1h;
  f.guest->soon();
  CHECK(f.noted().empty());
  f.guest->due_at = loop_guest::steady::now() + 1ms;
  f.guest->soon();
  while (f.guest->notes.empty())
    f.io.run_one();
  CHECK(f.guest->notes == "time ");
}

TEST_CASE("a guest that has ended is let go, and its descriptor is left open") {
  fixture f;
  const std::weak_ptr<noting_guest> seen = f.guest;
  const int descriptor = f.guest->descriptor();
  f.guest->over = true;
  f.guest->soon();
  f.io.poll();
  CHECK(seen.use_count() == 1);
  CHECK(eventfd_write(descriptor, 1) == 0);
  CHECK(f.noted().empty()); // nobody listens any more
}

TEST_CASE("guests go on by themselves when their host ends, and keep nothing of it busy") {
  fixture f;
  f.guest->due_at = loop_guest::steady::now() + 1h;
  f.guest->soon();
  f.io.poll();
  f.guest->notes.clear();
  f.side.move_out();
  CHECK(f.guest->notes == "out ");
  f.io.restart();
  f.io.run(); // ends, since nothing is waited for
  f.guest->ring();
  f.io.restart();
  f.io.run();
  CHECK(f.guest->notes == "out ");
}

TEST_CASE("a guest that throws once is looked at again") {
  fixture f;
  f.guest->at_ready = [&] {
    f.guest->at_ready = nullptr;
    throw std::runtime_error{"once"};
  };
  f.guest->ring();
  CHECK_THROWS_AS(f.io.poll(), std::runtime_error);
  f.guest->notes.clear();
  f.guest->ring();
  CHECK(f.noted() == "rung ");
}

TEST_CASE("a guest that cannot be watched goes on by itself") {
  asio::io_context io{1};
  side_work side{io};
  const auto guest = std::make_shared<noting_guest>();
  guest->closed = true;
  side.take_in(guest);
  CHECK(guest->notes == "in out ");
  CHECK(io.poll() == 0);
}
