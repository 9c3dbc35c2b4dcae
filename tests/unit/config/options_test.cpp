#include "config/options.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>

using namespace flipsync::config;

TEST_CASE("every option has a section, a sentence and a place in the settings") {
  for (const auto& o : options()) {
    INFO(o.path);
    CHECK((o.path == "profile" || o.path.find('.') == o.path.rfind('.')));
    CHECK(o.doc.ends_with('.'));
    CHECK(o.get != nullptr);
    CHECK(o.set != nullptr);
  }
}

TEST_CASE("every default is one that could be written") {
  const settings defaults;
  for (const auto& o : options()) {
    INFO(o.path);
    CHECK(check_value(o, o.get(defaults)).has_value());
  }
}

TEST_CASE("what is set in an option is read back from it, and no other option moves") {
  for (const auto& o : options()) {
    INFO(o.path);
    settings changed;
    const auto before = o.get(changed);
    option_value value = std::string{"other"};
    if (o.type == option_type::choice)
      value = o.choices.back();
    else if (o.type == option_type::boolean)
      value = true;
    else if (o.type == option_type::list)
      value = std::vector<std::string>{"one", "two"};
    else if (o.type == option_type::real)
      value = o.high;
    else if (o.type != option_type::text)
      value = static_cast<std::int64_t>(o.high);
    o.set(changed, value);
    CHECK(o.get(changed) == value);
    const settings defaults;
    for (const auto& other : options())
      if (&other != &o)
        CHECK(other.get(changed) == other.get(defaults));
  }
}

TEST_CASE("no variable means two options") {
  std::set<std::string, std::less<>> names;
  for (const auto& o : options()) {
    CHECK(names.insert(variable_name(o.path)).second);
    for (const auto& name : o.variables)
      CHECK(names.insert(name).second);
  }
  for (const auto& idle : idle_variables())
    CHECK(names.insert(std::string{idle.name}).second);
}

TEST_CASE("a mistyped option is told its neighbour, another word is not") {
  CHECK(nearest_option("sever.listen") == "server.listen");
  CHECK(nearest_option("turn.deadlin") == "turn.deadline");
  CHECK(nearest_option("weather.today").empty());
}
