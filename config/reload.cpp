#include "config/reload.hpp"

#include <algorithm>

namespace flipsync::config {

reload_plan plan_reload(const loaded_settings& now, loaded_settings fresh) {
  reload_plan out;
  out.next = std::move(fresh);
  for (std::size_t i = 0; i < options().size(); ++i) {
    const auto& o = options()[i];
    const auto old = o.get(now.values);
    if (o.get(out.next.values) == old)
      continue;
    if (o.live) {
      out.changed.push_back(o.path);
      continue;
    }
    out.needs_restart.push_back(o.path);
    o.set(out.next.values, old);
    out.next.origins[i] = now.origins[i];
  }
  return out;
}

std::vector<std::string> named_files(const settings& values) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& path) {
    if (!path.empty() && std::find(out.begin(), out.end(), path) == out.end())
      out.push_back(path);
  };
  for (const auto& o : options()) {
    if (!o.names_file || !o.live)
      continue;
    const auto value = o.get(values);
    if (const auto* path = std::get_if<std::string>(&value))
      add(*path);
    else if (const auto* paths = std::get_if<std::vector<std::string>>(&value))
      for (const auto& path_of_list : *paths)
        add(path_of_list);
  }
  return out;
}

} // namespace flipsync::config
