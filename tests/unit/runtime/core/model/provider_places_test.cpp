#include "runtime/core/model/provider_places.hpp"

#include <catch2/catch_test_macros.hpp>

#include <optional>

using flipsync::provider_places;

namespace {

struct two_actors {
  std::shared_ptr<provider_places> places = std::make_shared<provider_places>();
  int told_old = 0;
  int told_new = 0;
  std::optional<provider_places::share> before{std::in_place, places, [this] { ++told_old; }};
  std::optional<provider_places::share> after{std::in_place, places, [this] { ++told_new; }};
};

} // namespace

TEST_CASE("a provider's places are counted over all its actors") {
  two_actors two;
  CHECK(two.before->take(2));
  CHECK(two.after->take(2));
  CHECK_FALSE(two.before->take(2));
  CHECK_FALSE(two.after->take(2));
  two.before->set_waiting(3);
  two.after->set_waiting(1);
  CHECK(two.places->all().running == 2);
  CHECK(two.places->all().waiting == 4);
  two.before->give_back();
  CHECK(two.after->take(2));
}

TEST_CASE("who waits is told of another one's place, and nobody else") {
  two_actors two;
  CHECK(two.before->take(1));
  CHECK(two.before->take(2));
  two.before->give_back();
  CHECK(two.told_new == 0);
  two.after->set_waiting(1);
  two.before->give_back();
  CHECK(two.told_new == 1);
  CHECK(two.told_old == 0);
}

TEST_CASE("an actor that goes takes its own along and leaves the others'") {
  two_actors two;
  CHECK(two.before->take(2));
  CHECK(two.after->take(2));
  two.before->set_waiting(1);
  two.after->set_waiting(1);
  two.before.reset();
  CHECK(two.told_new == 1);
  CHECK(two.places->all().running == 1);
  CHECK(two.places->all().waiting == 1);
  CHECK(two.after->take(2));
}
