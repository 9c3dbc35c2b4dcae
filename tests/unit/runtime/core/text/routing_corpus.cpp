#include "tests/unit/runtime/core/text/routing_corpus.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "config/agent_file/agent_file.hpp"

namespace flipsync::test {

namespace {

const std::string source_dir = FLIPSYNC_SOURCE_DIR;

std::string read_file(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in)
    throw std::runtime_error{"cannot read " + path};
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

} // namespace

std::vector<labelled_message> read_corpus(std::string_view name) {
  const auto path =
    source_dir + "/tests/unit/runtime/core/text/routing_corpus/" + std::string{name} + ".tsv";
  std::istringstream in{read_file(path)};
  std::vector<labelled_message> out;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#')
      continue;
    const auto first = line.find('\t');
    const auto second = line.find('\t', first + 1);
    if (first == std::string::npos || second == std::string::npos)
      throw std::runtime_error{path + ": " + line};
    out.push_back({line.substr(0, first),
                   parse_audience(line.substr(first + 1, second - first - 1)).value(),
                   line.substr(second + 1)});
  }
  return out;
}

intent_router shipped_router() {
  const auto path = source_dir + "/config/agents.toml";
  router_config config;
  config.agents = config::routed_agents(config::load_agents(read_file(path), path).value());
  return intent_router{std::move(config)};
}

vocabulary sample_catalogue() {
  vocabulary words;
  for (const auto* name : {"Coffee Grinders", "Espresso Machines", "Kettles", "Mugs", "Desk Lamps",
                           "Headphones", "Backpacks", "Yoga Mats", "Kitchen", "Lighting"})
    words.add(entity_kind::category, name);
  for (const auto* name : {"AeroPress", "Lumina", "Trailhead", "Sonora"})
    words.add(entity_kind::brand, name);
  for (const auto* name : {"gooseneck", "wireless", "stainless steel"})
    words.add(entity_kind::attribute, name);
  for (const auto* name : {"Trail Backpack 40L", "Lumina Desk Lamp", "Sonora Wireless Headphones"})
    words.add_product(name);
  for (const auto* name : {"LMP-204", "MUG-12", "KTL-88"})
    words.add_sku(name);
  return words;
}

} // namespace flipsync::test
