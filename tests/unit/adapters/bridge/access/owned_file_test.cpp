#include "adapters/bridge/access/owned_file.hpp"

#include <catch2/catch_test_macros.hpp>
#include <sys/stat.h>

#include <thread>
#include <vector>

#include "tests/unit/adapters/bridge/access/scratch.hpp"

using namespace flipsync;
using namespace flipsync::testing;

namespace {

/// An edit that adds a line.
auto plus(const std::string& line) {
  return [line](const std::string& before) -> result<std::string> { return before + line + "\n"; };
}

} // namespace

TEST_CASE("an edit makes the file for its owner alone, and a further one replaces it") {
  const scratch dir;
  const auto file = dir.path() / "file";
  REQUIRE(edit_owned_file(file, plus("one")).has_value());
  CHECK(dir.mode_of("file") == 0600);
  REQUIRE(edit_owned_file(file, plus("two")).has_value());
  CHECK(read_owned_file(file).value() == "one\ntwo\n");
  CHECK(dir.files() == 1);
}

TEST_CASE("an edit that fails changes nothing") {
  const scratch dir;
  const auto file = dir.path() / "file";
  REQUIRE(edit_owned_file(file, plus("one")).has_value());
  const auto failed = edit_owned_file(file, [](const std::string&) -> result<std::string> {
    return error{errc::conflict, "no"};
  });
  CHECK(failed.error().code == errc::conflict);
  CHECK(read_owned_file(file).value() == "one\n");
}

TEST_CASE("edits at the same time all count") {
  const scratch dir;
  const auto file = dir.path() / "file";
  {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 5; ++i)
          CHECK(edit_owned_file(file, plus("line")).has_value());
      });
  }
  CHECK(read_owned_file(file).value().size() == 20 * 5);
}

TEST_CASE("a file that others may write is not trusted") {
  const scratch dir;
  dir.write("file", "text");
  const auto file = dir.path() / "file";
  ::chmod(file.c_str(), 0664);
  const auto refused = read_owned_file(file);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message.find("chmod go-w") != std::string::npos);
  ::chmod(file.c_str(), 0644);
  CHECK(read_owned_file(file).value() == "text");
}

TEST_CASE("what is no file, is not there or is too large is refused by name") {
  const scratch dir;
  for (const auto& file : {dir.path(), dir.path() / "none"}) {
    const auto refused = read_owned_file(file);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == errc::invalid_request);
    CHECK(refused.error().message.find(file.string()) == 0);
  }
  dir.write("large", std::string(max_owned_file + 1, 'x'));
  CHECK_FALSE(read_owned_file(dir.path() / "large").has_value());
}

TEST_CASE("a link stays one") {
  const scratch dir;
  dir.write("real", "one\n");
  std::filesystem::create_symlink(dir.path() / "real", dir.path() / "link");
  REQUIRE(edit_owned_file(dir.path() / "link", plus("two")).has_value());
  CHECK(std::filesystem::is_symlink(dir.path() / "link"));
  CHECK(read_owned_file(dir.path() / "real").value() == "one\ntwo\n");
}

TEST_CASE("a folder that is not there is an error of the store") {
  const scratch dir;
  CHECK(edit_owned_file(dir.path() / "no" / "file", plus("one")).error().code
        == errc::store_failed);
}
