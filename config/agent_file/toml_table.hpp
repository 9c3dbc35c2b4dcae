#pragma once
/// Typed reading of one TOML table that refuses what it does not know. Internal to the agent file.

#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/types/error.hpp"

namespace flipsync::config {

/// Where and why a file is refused. Thrown only inside this target; load_agents turns it into an
/// error.
struct refusal {
  std::int64_t line = 0;
  std::string key;
  std::string why;
};

/// Reads keys one by one; `finish` refuses those that nobody asked for.
class toml_table {
public:
  /// `path` stands before the keys in messages, e.g. "agent 'pricing'.".
  toml_table(const toml::table& table, std::string path);

  void set_path(std::string path) { path_ = std::move(path); }
  [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }

  /// Each leaves `out` as it is where the key is missing, and refuses a wrong type or range.
  void text(std::string_view key, std::string& out, std::size_t most);
  void texts(std::string_view key, std::vector<std::string>& out);
  void flag(std::string_view key, bool& out);
  void number(std::string_view key, double& out, double low, double high);
  void number(std::string_view key, std::optional<double>& out, double low, double high);
  void whole(std::string_view key, std::uint32_t& out, std::uint32_t low, std::uint32_t high);
  void whole(std::string_view key, std::optional<std::uint32_t>& out, std::uint32_t low,
             std::uint32_t high);
  /// The tables of an array of tables; empty where the key is missing.
  std::vector<const toml::table*> tables(std::string_view key);

  void finish() const;
  [[noreturn]] void refuse(std::string_view key, std::string why) const;

private:
  const toml::node* take(std::string_view key);

  const toml::table& table_;
  std::string path_;
  std::vector<std::string> known_;
};

} // namespace flipsync::config
