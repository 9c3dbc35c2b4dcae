#include "runtime/embed/import_runner.hpp"

#include <catch2/catch_test_macros.hpp>
#include <sys/mman.h>
#include <unistd.h>

#include <future>

using namespace flipsync;

namespace {

/// Keeps what it was given; holds its thread until it may go on.
class fake_importer final : public importer_port {
public:
  result<int> open_file() override { return ::memfd_create("import", MFD_CLOEXEC); }
  result<import_outcome> run(int file, const import_request&,
                             const std::function<bool()>& go_on) override {
    std::string text(static_cast<std::size_t>(::lseek(file, 0, SEEK_END)), ' ');
    static_cast<void>(::pread(file, text.data(), text.size(), 0));
    began.set_value();
    if (wait)
      while (go_on())
        std::this_thread::yield();
    if (!go_on())
      return error{errc::cancelled, "stopped"};
    return import_outcome{true, 0, std::move(text)};
  }
  [[nodiscard]] result<void> check(const import_request& request) const override {
    return request.kind.empty() ? result<void>{error{errc::invalid_request, "no kind"}}
                                : result<void>{};
  }
  std::promise<void> began;
  bool wait = false;
};

struct fixture {
  std::shared_ptr<fake_importer> importer = std::make_shared<fake_importer>();
  import_runner runner{importer};
  std::promise<result<import_outcome>> ended;
  std::atomic<int> rooms{0};

  result<std::shared_ptr<upload>> begin(std::string kind = "products") {
    import_request request;
    request.kind = std::move(kind);
    return runner.begin(
      std::move(request), [this] { ++rooms; },
      [this](result<import_outcome> outcome) { ended.set_value(std::move(outcome)); });
  }
};

} // namespace

TEST_CASE("what was added is imported whole, and a sender that is too quick is held back") {
  fixture f;
  const auto file = f.begin().value();
  std::string all;
  bool held = false;
  for (int i = 0; i < 200; ++i) {
    const std::string piece(10'000, static_cast<char>('a' + i % 26));
    held = !file->add(piece) || held;
    all += piece;
  }
  file->finish();
  const auto outcome = f.ended.get_future().get().value();
  CHECK(outcome.report == all);
  CHECK((!held || f.rooms > 0));
}

TEST_CASE("one import at a time, and one that cannot be met is refused before") {
  fixture f;
  CHECK(f.begin("").error().code == errc::invalid_request);
  const auto file = f.begin().value();
  CHECK(f.begin().error().code == errc::overloaded);
  file->finish();
  CHECK(f.ended.get_future().get().has_value());
}

TEST_CASE("an abandoned import ends without a word, and stopping ends one that runs") {
  {
    fixture f;
    f.begin().value()->abandon();
    f.runner.stop();
    CHECK(f.ended.get_future().wait_for(std::chrono::seconds{0}) == std::future_status::timeout);
    CHECK(f.begin().error().code == errc::shutting_down);
  }
  fixture f;
  f.importer->wait = true;
  const auto file = f.begin().value();
  file->finish();
  f.importer->began.get_future().wait();
  f.runner.stop();
  CHECK(f.ended.get_future().get().error().code == errc::cancelled);
}

TEST_CASE(
  "the next import can begin from the end of the last one, and the runner be stopped there") {
  std::promise<errc> stopped;
  std::shared_ptr<upload> second;
  fixture f;
  const auto next = [&](const result<import_outcome>&) {
    f.importer->began = {};
    import_request request;
    request.kind = "products";
    second = f.runner
               .begin(std::move(request), {},
                      [&](const result<import_outcome>&) {
                        f.runner.stop();
                        stopped.set_value(f.begin().error().code);
                      })
               .value();
    second->finish();
  };
  import_request request;
  request.kind = "products";
  const auto first = f.runner.begin(std::move(request), {}, next).value();
  first->finish();
  CHECK(stopped.get_future().get() == errc::shutting_down);
}

TEST_CASE("an import begins while somebody is still being told of the end of the last one") {
  std::promise<void> told;
  std::promise<void> begun;
  fixture f;
  import_request request;
  request.kind = "products";
  const auto first = f.runner
                       .begin(std::move(request), {},
                              [&](const result<import_outcome>&) {
                                told.set_value();
                                begun.get_future().wait();
                              })
                       .value();
  first->finish();
  told.get_future().wait();
  f.importer->began = {};
  const auto second = f.begin();
  begun.set_value();
  REQUIRE(second.has_value());
  (*second)->finish();
  CHECK(f.ended.get_future().get().has_value());
}

TEST_CASE("once an import has been abandoned nobody is being told of its end") {
  std::promise<void> told;
  std::promise<void> abandoned;
  std::atomic<bool> returned = false;
  fixture f;
  import_request request;
  request.kind = "products";
  const auto file = f.runner
                      .begin(std::move(request), {},
                             [&](const result<import_outcome>&) {
                               told.set_value();
                               abandoned.get_future().wait_for(std::chrono::milliseconds{50});
                               returned.store(true);
                             })
                      .value();
  file->finish();
  told.get_future().wait();
  file->abandon();
  CHECK(returned);
  abandoned.set_value();
}
