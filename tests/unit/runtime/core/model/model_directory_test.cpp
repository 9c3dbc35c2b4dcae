#include "runtime/core/model/model_directory.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace flipsync;
using namespace std::chrono_literals;

namespace {

/// Lists what the test says, when the test says so.
class listing_provider : public model_provider {
public:
  listing_provider(std::string name, std::string model)
    : name_{std::move(name)},
      model_{std::move(model)} {}
  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  [[nodiscard]] const std::string& default_model() const noexcept override { return model_; }
  [[nodiscard]] model_capabilities capabilities() const noexcept override {
    return {.facts_only = facts_only};
  }
  std::shared_ptr<flight_handle> start(const model_request&,
                                       std::shared_ptr<flight_observer>) override {
    return nullptr;
  }
  void check(std::chrono::milliseconds, std::function<void(result<void>)>) override {}
  void models(std::chrono::milliseconds,
              std::function<void(result<std::vector<std::string>>)> done) override {
    asked.push_back(std::move(done));
  }

  bool facts_only = false;
  std::vector<std::function<void(result<std::vector<std::string>>)>> asked;

private:
  std::string name_;
  std::string model_;
};

/// Time that the test moves.
class hand_clock : public clock_port {
public:
  [[nodiscard]] mono_time now() const noexcept override { return now_; }
  [[nodiscard]] wall_time wall() const noexcept override { return {}; }
  void arm(mono_time at, std::function<void()> wake) override {
    wakes_.emplace_back(at, std::move(wake));
  }
  void advance(std::chrono::milliseconds by) {
    now_ += by;
    auto due = std::move(wakes_);
    wakes_.clear();
    for (auto& [at, wake] : due)
      if (at <= now_)
        wake();
      else
        wakes_.emplace_back(at, std::move(wake));
  }

private:
  mono_time now_{};
  std::vector<std::pair<mono_time, std::function<void()>>> wakes_;
};

struct fixture {
  std::shared_ptr<listing_provider> one = std::make_shared<listing_provider>("one", "one-usual");
  std::shared_ptr<listing_provider> two = std::make_shared<listing_provider>("two", "two-usual");
  std::shared_ptr<hand_clock> clock = std::make_shared<hand_clock>();
  std::shared_ptr<alarm_queue> alarms = std::make_shared<alarm_queue>(clock);
  std::shared_ptr<model_directory> directory;
  int told = 0;

  fixture() {
    model_routing routing;
    routing.provider = "two";
    routing.tier_models = {{"fast", "two-fast"}};
    directory = std::make_shared<model_directory>(std::vector<provider_entry>{{one}, {two}},
                                                  routing, core_settings{}, clock, alarms);
  }
  /// As the runtime does at its end: an alarm that is set holds the directory.
  ~fixture() { alarms->close(); }
  fixture(const fixture&) = delete;
  fixture& operator=(const fixture&) = delete;

  void refresh() {
    directory->refresh([this](const model_directory&) { ++told; });
  }
  /// "provider>model", or the error's name.
  [[nodiscard]] std::string found(std::string_view name) const {
    const auto offer = directory->find(name);
    return offer ? offer->provider + '>' + offer->model
                 : std::string{to_string(offer.error().code)};
  }
  void list(std::vector<std::string> ones, std::vector<std::string> twos) {
    refresh();
    one->asked.back()(std::move(ones));
    two->asked.back()(std::move(twos));
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "a name with a provider before it goes to that provider, listed or not") {
  CHECK(found("two/anything") == "two>anything");
  CHECK(found("one/a/b:c") == "one>a/b:c");
  CHECK(found("one/") == "not_found");
  CHECK(found("three/anything") == "not_found");
}

TEST_CASE_METHOD(fixture, "configured models are found without any list, defaults and tiers") {
  CHECK(found("one-usual") == "one>one-usual");
  CHECK(found("two-fast") == "two>two-fast");
  CHECK(one->asked.empty());
}

TEST_CASE_METHOD(fixture, "a model that one provider lists is found by its own name") {
  CHECK(found("lonely") == "not_found");
  list({"lonely", "meta/shared"}, {"meta/shared"});
  CHECK(told == 1);
  CHECK(found("lonely") == "one>lonely");
  const auto both = directory->find("meta/shared");
  REQUIRE(both.has_error());
  CHECK(both.error().code == errc::invalid_request);
  CHECK(both.error().detail("field") == "model");
}

TEST_CASE_METHOD(fixture, "lists are kept for their time and then asked for again") {
  list({"a"}, {"b"});
  CHECK_FALSE(directory->stale());
  refresh();
  CHECK(told == 2);
  CHECK(one->asked.size() == 1);
  clock->advance(core_settings{}.model_list_ttl);
  CHECK(directory->stale());
  refresh();
  CHECK(told == 2);
  CHECK(one->asked.size() == 2);
}

TEST_CASE_METHOD(fixture, "those who ask meanwhile wait for the same lists") {
  refresh();
  refresh();
  CHECK(one->asked.size() == 1);
  one->asked[0](std::vector<std::string>{"a"});
  CHECK(told == 0);
  two->asked[0](error{errc::provider_unavailable, "down"});
  CHECK(told == 2);
  CHECK_FALSE(directory->stale());
}

TEST_CASE_METHOD(fixture, "a provider that does not answer is waited for once, and only so long") {
  refresh();
  one->asked[0](std::vector<std::string>{"a"});
  clock->advance(core_settings{}.model_list_timeout);
  CHECK(told == 1);
  refresh();
  CHECK(told == 2); // at once
  two->asked[0](std::vector<std::string>{"late"});
  CHECK(found("late") == "two>late");
}

TEST_CASE_METHOD(fixture, "who waits for a directory that another one replaces is told") {
  refresh();
  const std::weak_ptr<model_directory> replaced = directory;
  directory.reset();
  CHECK(told == 0);
  SECTION("once the lists came") {
    one->asked[0](std::vector<std::string>{"a"});
    two->asked[0](std::vector<std::string>{"b"});
  }
  SECTION("when its time is over") { clock->advance(core_settings{}.model_list_timeout); }
  SECTION("when the runtime stops") { alarms->close(); }
  CHECK(told == 1);
  CHECK(replaced.expired());
}

TEST_CASE_METHOD(fixture, "once no alarm rings any more nobody waits") {
  alarms->close();
  refresh();
  CHECK(told == 1);
}

TEST_CASE_METHOD(fixture, "a failed list leaves the last one standing") {
  list({"a"}, {});
  clock->advance(core_settings{}.model_list_ttl);
  refresh();
  one->asked.back()(error{errc::provider_unavailable, "down"});
  CHECK(found("a") == "one>a");
}

TEST_CASE_METHOD(fixture, "offers are the configured and the listed models, each once") {
  list({"one-usual", "extra"}, {""});
  CHECK(directory->offers()
        == std::vector<model_offer>{
          {"one", "one-usual"}, {"one", "extra"}, {"two", "two-usual"}, {"two", "two-fast"}});
}

TEST_CASE_METHOD(fixture, "of an endless list only so much is taken") {
  list(std::vector<std::string>(model_directory::max_models + 5, "m"), {});
  const auto offers = directory->offers();
  CHECK(std::count(offers.begin(), offers.end(), model_offer{"one", "m"})
        == static_cast<std::ptrdiff_t>(model_directory::max_models));
}

TEST_CASE("a provider that answers from facts alone is not offered") {
  auto offline = std::make_shared<listing_provider>("offline", "facts");
  offline->facts_only = true;
  auto clock = std::make_shared<hand_clock>();
  const auto directory =
    std::make_shared<model_directory>(std::vector<provider_entry>{{offline}}, model_routing{},
                                      core_settings{}, clock, std::make_shared<alarm_queue>(clock));
  CHECK(directory->offers().empty());
  CHECK(directory->find("offline/facts").has_error());
  CHECK_FALSE(directory->stale());
}
