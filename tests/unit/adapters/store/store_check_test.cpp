#include "adapters/store/store_check.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <unistd.h>

#include <fstream>

#include "adapters/store/sqlite_store.hpp"
#include "tests/unit/adapters/store/store_fixture.hpp"

using namespace flipsync;
using namespace flipsync::test;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a folder without databases is told as one, and stays so") {
  const temporary_folder folder;
  const auto found = check_store(folder.path());
  REQUIRE(found.has_value());
  CHECK_FALSE(found->there);
  CHECK_FALSE(found->written);
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a store is found sound while it is open") {
  const temporary_folder folder;
  const auto store = open_store({folder.path()});
  REQUIRE(store.has_value());
  const auto found = check_store(folder.path());
  REQUIRE(found.has_value());
  CHECK(found->there);
  CHECK(found->products == 0);
  CHECK(found->written);
}

TEST_CASE("a damaged database is found") {
  const temporary_folder folder;
  std::ofstream{folder.path() / "catalogue.db"} << std::string(8192, 'x');
  const auto found = check_store(folder.path());
  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().code == errc::store_failed);
  CHECK_THAT(found.error().message, ContainsSubstring("catalogue.db"));
}

TEST_CASE("a service is known by its lock, and only while it holds it") {
  const temporary_folder folder;
  CHECK_FALSE(service_of(folder.path()));
  {
    const auto lock = lock_data_dir(folder.path());
    REQUIRE(lock.has_value());
    CHECK(service_of(folder.path()) == std::to_string(::getpid()));
  }
  CHECK_FALSE(service_of(folder.path()));
}
