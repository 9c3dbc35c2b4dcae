#include "adapters/bridge/console/console_files.hpp"

#include <catch2/catch_test_macros.hpp>

#include <regex>
#include <set>
#include <string>

using namespace flipsync;

namespace {

/// What the file names of others: links, sources and imports of "./x.js" or "/console/x.css".
std::set<std::string> named_in(std::string_view text) {
  static const std::regex reference{R"re(["'](?:\./|/console/)([a-z_]+\.(?:js|css|svg))["'])re"};
  std::set<std::string> names;
  for (std::cregex_iterator at{text.data(), text.data() + text.size(), reference}, end; at != end;
       ++at)
    names.insert((*at)[1]);
  return names;
}

} // namespace

TEST_CASE("every file that the page names is there, and every file is named") {
  std::set<std::string> named{"index.html"};
  for (const auto& file : console::files())
    named.merge(named_in(file.body));
  std::set<std::string> present;
  for (const auto& file : console::files())
    present.emplace(file.name);
  CHECK(named == present);
}

TEST_CASE("the page fetches all its scripts at once, not one after the other finds it") {
  const auto named = named_in(console::find("index.html")->body);
  for (const auto& file : console::files())
    if (file.name.ends_with(".js"))
      CHECK(named.contains(std::string{file.name}));
}

TEST_CASE("files are found by their whole name only") {
  CHECK(console::find("main.js") != nullptr);
  for (const auto* name : {"", "main", "MAIN.JS", "../main.js", "main.js/"})
    CHECK(console::find(name) == nullptr);
}

TEST_CASE("entity tags are quoted and differ") {
  std::set<std::string_view> tags;
  for (const auto& file : console::files()) {
    CHECK(std::regex_match(std::string{file.etag}, std::regex{R"re("[0-9a-f]{16}")re"}));
    tags.insert(file.etag);
  }
  CHECK(tags.size() == console::files().size());
}

TEST_CASE("the page names no other place") {
  for (const auto& file : console::files()) {
    INFO(file.name);
    std::string text{file.body};
    // The name of SVG's namespace looks like an address and is none.
    text = std::regex_replace(text, std::regex{"http://www\\.w3\\.org/2000/svg"}, "");
    CHECK(text.find("http://") == std::string::npos);
    CHECK(text.find("https://") == std::string::npos);
  }
}
