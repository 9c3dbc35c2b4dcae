#include "adapters/bridge/console/console_files.hpp"

#include <algorithm>

namespace flipsync::console {

const file* find(std::string_view name) noexcept {
  const auto all = files();
  const auto known =
    std::find_if(all.begin(), all.end(), [&](const file& each) { return each.name == name; });
  return known == all.end() ? nullptr : &*known;
}

} // namespace flipsync::console
