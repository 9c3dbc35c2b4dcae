/// What happens between processes: versions, locks, and death in the middle of work.

#include <catch2/catch_test_macros.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "store_fixture.hpp"

using namespace flipsync;
using test::store_fixture;

namespace {

/// A process of our own, and a pipe on which it says how far it is.
class child_process {
public:
  template <class F>
  explicit child_process(const F& work) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    pid_ = ::fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      ::close(ends[0]);
      int code = 1;
      try {
        code = work([fd = ends[1]](char said) { (void)!::write(fd, &said, 1); });
      } catch (...) {
      }
      ::_exit(code);
    }
    ::close(ends[1]);
    from_ = ends[0];
  }
  ~child_process() {
    if (pid_ > 0)
      kill_now();
    ::close(from_);
  }
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  /// The next thing that it says; 0 if it ended instead.
  char hear() const {
    char said = 0;
    return ::read(from_, &said, 1) == 1 ? said : '\0';
  }
  void kill_now() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
  int wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

private:
  pid_t pid_ = -1;
  int from_ = -1;
};

std::string many_products(int count, std::string_view title) {
  std::string text = "sku,title,price\n";
  for (int i = 0; i < count; ++i)
    text += "S" + std::to_string(i) + "," + std::string{title} + ",1\n";
  return text;
}

} // namespace

TEST_CASE("Another process's import is seen at once, by version and by search") {
  const store_fixture shop;
  shop.must_load(import_kind::products, "sku,title,price\nA,Lamp,1\n");
  const auto before = shop.store->catalogue_version();
  const auto data = shop.folder.path() / "data";
  child_process importer{[&](auto) {
    const auto store = test::must_open(data);
    auto options = store_fixture::options_for(import_kind::products);
    return import_text(*store, "sku,title,price\nB,Lantern,2\n", options).value().committed ? 0 : 1;
  }};
  REQUIRE(importer.wait() == 0);
  CHECK(shop.store->catalogue_version() == before + 1);
  CHECK(shop.found("lantern") == std::vector<std::string>{"B"});
}

TEST_CASE("Reads and turns go on while another connection imports") {
  const store_fixture shop;
  shop.must_load(import_kind::products, many_products(1500, "Old"));
  const auto importer = test::must_open(shop.folder.path() / "data");
  bool asked = false;
  const auto report =
    import_text(*importer, many_products(1500, "New"),
                store_fixture::options_for(import_kind::products), [&](const import_progress&) {
                  // In the middle of the import's transaction.
                  CHECK(shop.search("old").total == 1500);
                  CHECK(shop.search("new").total == 0);
                  auto turn = std::make_shared<stored_turn>();
                  turn->conversation_id = "c";
                  CHECK(shop.store->append({turn}).has_value());
                  asked = true;
                  return true;
                });
  REQUIRE(asked);
  CHECK(report.value().updated == 1500);
  CHECK(shop.search("new").total == 1500);
}

TEST_CASE("kill -9 in the middle of an import leaves what was before") {
  const store_fixture shop;
  shop.must_load(import_kind::products, many_products(200, "Old"));
  const auto version = shop.store->catalogue_version();
  const auto data = shop.folder.path() / "data";
  // Enough rows that pages were written ahead of the commit.
  child_process importer{[&](auto say) {
    const auto store = test::must_open(data);
    (void)import_text(*store, many_products(30000, "New"),
                      store_fixture::options_for(import_kind::products),
                      [&](const import_progress& p) {
                        if (p.rows == 25000) {
                          say('m');
                          ::pause();
                        }
                        return true;
                      });
    return 1;
  }};
  REQUIRE(importer.hear() == 'm');
  importer.kill_now();
  const auto reopened = test::must_open(data);
  CHECK(reopened->counts().value().products == 200);
  CHECK(reopened->catalogue_version() == version);
  CHECK(shop.search("old").total == 200);
  CHECK(shop.search("new").total == 0);
  // And the next import goes through.
  CHECK(shop.must_load(import_kind::products, many_products(200, "New")).updated == 200);
  CHECK(shop.store->catalogue_version() == version + 1);
}

TEST_CASE("kill -9 while turns are appended loses none that was acknowledged") {
  const store_fixture shop;
  const auto data = shop.folder.path() / "data";
  child_process service{[&](auto say) {
    const auto store = test::must_open(data);
    for (int i = 0;; ++i) {
      auto turn = std::make_shared<stored_turn>();
      turn->conversation_id = "c";
      turn->question = {"user", std::to_string(i), "", {}, {}};
      turn->answer = {"assistant", std::to_string(i), "concierge", {}, {}};
      if (!store->append({turn}))
        return 1;
      say('a');
    }
  }};
  constexpr int acknowledged = 40;
  for (int i = 0; i < acknowledged; ++i)
    REQUIRE(service.hear() == 'a');
  service.kill_now();
  const auto kept = test::must_open(data)->history("default", "c", 100000).value();
  REQUIRE(kept.messages.size() >= 2 * acknowledged);
  CHECK(kept.messages.size() % 2 == 0);
  for (std::size_t i = 0; i < kept.messages.size(); ++i)
    CHECK(kept.messages[i].text == std::to_string(i / 2));
}

TEST_CASE("An importer that died between commit and announcement is made good by the next read") {
  const store_fixture shop;
  shop.must_load(import_kind::products, "sku,title,price\nA,Lamp,1\n");
  const auto before = shop.store->catalogue_version();
  child_process importer{[&](auto) {
    // The importer's commit without its last step: the database knows, the mapped number does not.
    const auto number = std::filesystem::temp_directory_path();
    const auto copy = shop.folder.path() / "data" / "kept.version";
    const auto mirror = shop.folder.path() / "data" / "catalogue.version";
    const auto store = test::must_open(shop.folder.path() / "data");
    std::filesystem::copy_file(mirror, copy);
    (void)import_text(*store, "sku,title,price\nB,Lantern,2\n",
                      store_fixture::options_for(import_kind::products))
      .value();
    // Written in place, so that the mapping of the other process sees it.
    std::ifstream old{copy, std::ios::binary};
    std::fstream now{mirror, std::ios::binary | std::ios::in | std::ios::out};
    now << old.rdbuf();
    now.flush();
    return now && !number.empty() ? 0 : 1;
  }};
  REQUIRE(importer.wait() == 0);
  REQUIRE(shop.store->catalogue_version() == before);
  CHECK(shop.found("lantern") == std::vector<std::string>{"B"});
  CHECK(shop.store->catalogue_version() == before + 1);
}

TEST_CASE("A lost or restored version file never lets the version fall") {
  const test::temporary_folder folder;
  const auto data = folder.path() / "data";
  const auto options = store_fixture::options_for(import_kind::products);
  const auto load = [&](std::string_view text) {
    return import_text(*test::must_open(data), text, options).value().catalogue_version;
  };
  const auto first = load("sku,title,price\nA,Lamp,1\n");
  std::filesystem::remove(data / "catalogue.version");
  CHECK(test::must_open(data)->catalogue_version() == first);
  // The database of an older backup beside a mirror that is ahead.
  const auto second = load("sku,title,price\nA,Lamp,2\n");
  {
    const std::uint64_t ahead = second + 10;
    std::ofstream{data / "catalogue.version", std::ios::binary}.write(
      reinterpret_cast<const char*>(&ahead), sizeof ahead);
  }
  const auto store = test::must_open(data);
  CHECK(store->catalogue_version() == second + 10);
  CHECK(store->read({}).value().catalogue_version == second + 10);
  CHECK(load("sku,title,price\nA,Lamp,3\n") == second + 11);
}

TEST_CASE("One data folder serves one service, until that ends, however it ends") {
  const test::temporary_folder folder;
  const auto data = folder.path() / "data";
  child_process service{[&](auto say) {
    const auto lock = lock_data_dir(data);
    say(lock && lock->held() ? 'y' : 'n');
    ::pause();
    return 0;
  }};
  REQUIRE(service.hear() == 'y');
  const auto refused = lock_data_dir(data);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == errc::conflict);
  CHECK_FALSE(refused.error().detail("pid").empty());
  // An import needs no lock.
  CHECK(test::must_open(data));
  service.kill_now();
  CHECK(lock_data_dir(data).value().held());
}

TEST_CASE("A lock that is let go can be taken again") {
  const test::temporary_folder folder;
  {
    auto lock = lock_data_dir(folder.path()).value();
    auto moved = std::move(lock);
    CHECK(moved.held());
    CHECK_FALSE(lock_data_dir(folder.path()).has_value());
  }
  CHECK(lock_data_dir(folder.path()).has_value());
}
