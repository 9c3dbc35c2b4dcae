#include <algorithm>
#include <iostream>

#include "adapters/bridge/access/key_file.hpp"
#include "runtime/app/access.hpp"
#include "runtime/app/commands.hpp"
#include "runtime/app/exit_code.hpp"

namespace flipsync::app {
namespace {

namespace fs = std::filesystem;

/// A name that no key of the file has: the tenant, the role and a number.
std::string free_name(const std::vector<api_key>& known, const std::string& stem) {
  for (std::size_t n = 1;; ++n) {
    auto name = stem + "-" + std::to_string(n);
    const auto taken = std::any_of(known.begin(), known.end(),
                                   [&](const api_key& key) { return key.holder.key == name; });
    if (!taken)
      return name;
  }
}

/// What the file says; nothing where there is none.
result<key_file> known_keys(const fs::path& file) {
  std::error_code ignored;
  if (!fs::exists(file, ignored))
    return key_file{};
  return read_key_file(file);
}

result<api_key> key_from(const keys_arguments& a, const key_file& known) {
  api_key out;
  const auto who = parse_role(a.role);
  if (!who)
    return who.error();
  out.holder.who = *who;
  out.holder.tenant = a.tenant;
  out.holder.messages_per_minute = a.messages_per_minute;
  out.holder.key = a.name.empty() ? free_name(known.keys, a.tenant + "-" + a.role) : a.name;
  for (const auto* name : {&out.holder.tenant, &out.holder.key})
    if (!is_access_name(*name))
      return error{errc::invalid_request,
                   "'" + *name + "' is no name: 1 to 64 of A-Z a-z 0-9 . _ -"};
  return out;
}

/// Without --data the folder need not be there yet.
void make_folder(const fs::path& file) {
  std::error_code ignored;
  if (fs::create_directories(file.parent_path(), ignored))
    fs::permissions(file.parent_path(), fs::perms::owner_all, ignored);
}

int add(const surroundings& here, const keys_arguments& arguments, const fs::path& file) {
  const auto known = known_keys(file);
  if (!known)
    return report(known.error());
  auto key = key_from(arguments, *known);
  if (!key)
    return report(key.error());
  const auto secret = mint_secret("fsk_");
  if (!secret)
    return report(secret.error());
  key->digest = digest_of(*secret);
  make_folder(file);
  if (const auto added = add_to_key_file(file, *key); !added)
    return report(added.error());
  std::cerr << "Key '" << key->holder.key << "' of tenant '" << key->holder.tenant << "', role "
            << to_string(key->holder.who) << ", is in " << file.string()
            << " as a hash. This is the only time the key is shown.\n"
            << "A service that runs takes it on with SIGHUP.\n";
  return here.out.write(*secret + "\n") ? exit_done : exit_failed;
}

std::string line_of(const api_key& key, bool json) {
  const auto& holder = key.holder;
  std::string out;
  if (!json) {
    out = holder.key;
    out.resize(std::max<std::size_t>(out.size() + 2, 28), ' ');
    out += holder.tenant;
    out.resize(std::max<std::size_t>(out.size() + 2, 48), ' ');
    out += to_string(holder.who);
    if (holder.messages_per_minute)
      out += "  " + std::to_string(*holder.messages_per_minute) + " messages a minute";
    return out + "\n";
  }
  // Names of keys and tenants need no escaping.
  out = R"({"name":")" + holder.key + R"(","tenant":")" + holder.tenant + R"(","role":")"
        + std::string{to_string(holder.who)} + '"';
  if (holder.messages_per_minute)
    out += R"(,"messages_per_minute":)" + std::to_string(*holder.messages_per_minute);
  return out + "}\n";
}

int list(const surroundings& here, const fs::path& file, bool json) {
  const auto known = known_keys(file);
  if (!known)
    return report(known.error());
  for (const auto& key : known->keys)
    if (!here.out.write(line_of(key, json)))
      return exit_failed;
  if (known->keys.empty())
    std::cerr << "There are no keys in " << file.string() << ".\n";
  return exit_done;
}

int revoke(const keys_arguments& arguments, const fs::path& file) {
  if (const auto done = remove_from_key_file(file, arguments.name); !done)
    return report(done.error());
  std::cerr << "Key '" << arguments.name << "' is revoked; a service that runs lets go of it with "
            << "SIGHUP.\n";
  if (const auto left = known_keys(file); left && left->keys.empty())
    std::cerr << "It was the last one of " << file.string() << ": a service that runs then refuses "
              << "whoever needs a key, until it has another; one that is started without any asks "
              << "nobody, and listens on loopback only.\n";
  return exit_done;
}

} // namespace

int keys(const surroundings& here, const keys_arguments& arguments, bool json) {
  const auto file = keys_file_of(here.ctx);
  if (!file)
    return report(file.error());
  if (arguments.verb == "add")
    return add(here, arguments, *file);
  if (arguments.verb == "revoke")
    return revoke(arguments, *file);
  return list(here, *file, json);
}

} // namespace flipsync::app
