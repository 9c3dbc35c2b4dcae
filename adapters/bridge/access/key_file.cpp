#include "adapters/bridge/access/key_file.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <set>

#include "adapters/bridge/access/owned_file.hpp"

namespace flipsync {

namespace {

constexpr std::size_t shortest_key = 32;
constexpr std::int64_t highest_limit = 1'000'000;

/// Where and why a file is refused; thrown and caught within this file.
struct refusal {
  std::int64_t line;
  std::string why;
};

[[noreturn]] void refuse(const toml::node& at, std::string why) {
  throw refusal{static_cast<std::int64_t>(at.source().begin.line), std::move(why)};
}

void only_known(const toml::table& table, const std::set<std::string_view>& known) {
  for (const auto& [key, node] : table)
    if (known.count(key.str()) == 0)
      refuse(node, "there is no '" + std::string{key.str()} + "' here");
}

std::string text_of(const toml::table& table, const std::string& key) {
  const auto* node = table.get(key);
  if (!node)
    refuse(table, "'" + key + "' is missing");
  const auto value = node->value_exact<std::string>();
  if (!value)
    refuse(*node, "'" + key + "' must be a text");
  return *value;
}

std::string name_of(const toml::table& table, const std::string& key) {
  auto text = text_of(table, key);
  if (!is_access_name(text))
    refuse(*table.get(key), "'" + key + "' must be 1 to 64 of A-Z a-z 0-9 . _ -");
  return text;
}

std::optional<std::uint32_t> limit_of(const toml::table& table, const std::string& key) {
  const auto* node = table.get(key);
  if (!node)
    return std::nullopt;
  const auto value = node->value_exact<std::int64_t>();
  if (!value || *value < 1 || *value > highest_limit)
    refuse(*node, "'" + key + "' must be a whole number from 1 to 1000000");
  return static_cast<std::uint32_t>(*value);
}

api_key read_key(const toml::table& table) {
  only_known(table, {"name", "tenant", "role", "hash", "messages_per_minute"});
  api_key out;
  out.holder.key = name_of(table, "name");
  out.holder.tenant = name_of(table, "tenant");
  const auto who = parse_role(text_of(table, "role"));
  if (!who)
    refuse(*table.get("role"), who.error().message);
  out.holder.who = *who;
  const auto digest = digest_from_hex(text_of(table, "hash"));
  if (!digest)
    refuse(*table.get("hash"), "'hash' must be 64 hexadecimal digits");
  out.digest = *digest;
  out.holder.messages_per_minute = limit_of(table, "messages_per_minute");
  return out;
}

void read_keys(const toml::node& node, key_file& into) {
  const auto* list = node.as_array();
  if (!list)
    refuse(node, "keys are written as [[key]]");
  for (const auto& item : *list) {
    const auto* table = item.as_table();
    if (!table)
      refuse(item, "keys are written as [[key]]");
    into.keys.push_back(read_key(*table));
  }
}

void read_tenants(const toml::node& node, key_file& into) {
  const auto* tenants = node.as_table();
  if (!tenants)
    refuse(node, "tenants are written as [tenant.NAME]");
  for (const auto& [name, inner] : *tenants) {
    const auto* table = inner.as_table();
    if (!table || !is_access_name(name.str()))
      refuse(inner,
             "tenants are written as [tenant.NAME], NAME being 1 to 64 of A-Z a-z 0-9 . _ -");
    only_known(*table, {"turns_in_flight", "requests_per_minute"});
    into.tenants.emplace_back(name.str(), tenant_limits{limit_of(*table, "turns_in_flight"),
                                                        limit_of(*table, "requests_per_minute")});
  }
}

key_file read_root(const toml::table& root) {
  key_file out;
  only_known(root, {"key", "tenant"});
  if (const auto* keys = root.get("key"))
    read_keys(*keys, out);
  if (const auto* tenants = root.get("tenant"))
    read_tenants(*tenants, out);
  return out;
}

error refused(const std::string& name, std::int64_t line, const std::string& why) {
  return error{errc::invalid_request, name + ":" + std::to_string(line) + ": " + why}.with("field",
                                                                                           name);
}

std::string block_of(const api_key& key) {
  std::string out = "[[key]]\nname = \"" + key.holder.key + "\"\ntenant = \"" + key.holder.tenant
                    + "\"\nrole = \"" + std::string{to_string(key.holder.who)} + "\"\nhash = \""
                    + to_hex(key.digest) + "\"\n";
  if (key.holder.messages_per_minute)
    out += "messages_per_minute = " + std::to_string(*key.holder.messages_per_minute) + "\n";
  return out;
}

/// The text without the lines from `first` (from 1) to before the next table.
std::string without_block(std::string_view text, std::size_t first) {
  std::string out;
  bool within = false;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    const auto piece = text.substr(0, end);
    const auto begin = piece.find_first_not_of(" \t");
    const bool heads = begin != std::string_view::npos && piece[begin] == '[';
    if (line == first)
      within = true;
    else if (heads)
      within = false;
    if (!within)
      out += piece;
    text.remove_prefix(end);
  }
  return out;
}

/// The line of the key's [[key]]; 0 where there is none of that name.
std::size_t line_of(const std::string& text, std::string_view key_name) {
  const auto root = toml::parse(text); // has been parsed before
  const auto* keys = root.get_as<toml::array>("key");
  if (!keys)
    return 0;
  for (const auto& item : *keys)
    if (item.as_table() != nullptr && (*item.as_table())["name"].value<std::string>() == key_name)
      return item.source().begin.line;
  return 0;
}

} // namespace

result<key_file> parse_key_file(std::string_view text, const std::string& name) {
  try {
    auto out = read_root(toml::parse(text));
    key_ring all; // says what two keys contradict each other in
    for (const auto& key : out.keys)
      if (auto added = all.add(key); !added)
        return error{errc::invalid_request, name + ": " + added.error().message}.with("field",
                                                                                      name);
    return out;
  } catch (const refusal& why) {
    return refused(name, why.line, why.why);
  } catch (const toml::parse_error& why) {
    return refused(name, static_cast<std::int64_t>(why.source().begin.line),
                   std::string{why.description()});
  }
}

result<key_file> read_key_file(const std::filesystem::path& file) {
  const auto text = read_owned_file(file);
  if (!text)
    return text.error();
  return parse_key_file(*text, file.string());
}

result<void> add_to_key_file(const std::filesystem::path& file, const api_key& key) {
  return edit_owned_file(file, [&](const std::string& before) -> result<std::string> {
    const auto known = parse_key_file(before, file.string());
    if (!known)
      return known.error();
    const auto taken = std::any_of(known->keys.begin(), known->keys.end(), [&](const api_key& k) {
      return k.holder.key == key.holder.key;
    });
    if (taken)
      return error{errc::invalid_request,
                   "there is a key named '" + key.holder.key + "' in " + file.string()}
        .with("field", "name");
    auto after = before;
    if (!after.empty())
      after += after.ends_with('\n') ? "\n" : "\n\n";
    return after + block_of(key);
  });
}

result<void> remove_from_key_file(const std::filesystem::path& file, std::string_view key_name) {
  return edit_owned_file(file, [&](const std::string& before) -> result<std::string> {
    const auto known = parse_key_file(before, file.string());
    if (!known)
      return known.error();
    const auto line = line_of(before, key_name);
    if (line == 0)
      return error{errc::not_found,
                   "there is no key named '" + std::string{key_name} + "' in " + file.string()};
    auto after = without_block(before, line);
    // A file that was written in an unusual form is left alone rather than damaged.
    const auto rest = parse_key_file(after, file.string());
    if (!rest || rest->keys.size() + 1 != known->keys.size()
        || rest->tenants.size() != known->tenants.size())
      return error{errc::invalid_request,
                   file.string() + " is written in a way that can only be edited by hand"};
    return after;
  });
}

result<std::vector<api_key>> parse_key_list(std::string_view text) {
  std::vector<api_key> out;
  const auto refuse_entry = [&](const std::string& why) {
    return error{errc::invalid_request,
                 "access.keys: key " + std::to_string(out.size() + 1) + ": " + why}
      .with("field", "access.keys");
  };
  constexpr std::string_view between = ", \t\r\n";
  while (true) {
    const auto begin = text.find_first_not_of(between);
    if (begin == std::string_view::npos)
      return out;
    const auto end = std::min(text.find_first_of(between, begin), text.size());
    const auto entry = text.substr(begin, end - begin);
    text.remove_prefix(end);
    const auto first = entry.find(':');
    const auto second = first == std::string_view::npos ? first : entry.find(':', first + 1);
    if (second == std::string_view::npos)
      return refuse_entry("it is written as TENANT:ROLE:KEY");
    api_key key;
    key.holder.tenant = entry.substr(0, first);
    if (!is_access_name(key.holder.tenant))
      return refuse_entry("its tenant must be 1 to 64 of A-Z a-z 0-9 . _ -");
    const auto who = parse_role(entry.substr(first + 1, second - first - 1));
    if (!who)
      return refuse_entry("its role must be shopper, seller or operator");
    key.holder.who = *who;
    const auto secret = entry.substr(second + 1);
    if (secret.size() < shortest_key)
      return refuse_entry("a key has at least 32 characters, made at random");
    key.holder.key = "env-" + std::to_string(out.size() + 1);
    key.digest = digest_of(secret);
    out.push_back(std::move(key));
  }
}

} // namespace flipsync
