#include "config/load.hpp"

#include <algorithm>
#include <filesystem>

#include "config/candidates.hpp"
#include "config/check.hpp"
#include "config/faults.hpp"
#include "config/text_file.hpp"

namespace flipsync::config {
namespace {

std::size_t index_of(const option& o) { return static_cast<std::size_t>(&o - options().data()); }

void apply(const option& o, const candidate& c, loaded_settings& out) {
  o.set(out.values, c.value);
  out.origins[index_of(o)] = c.where;
}

/// Profile first, since the others go over it.
void apply_all(const gathering& found, loaded_settings& out) {
  const auto& profile = options().front();
  if (found.best.front())
    apply(profile, *found.best.front(), out);
  for (const auto& [path, text] : profile_values(out.values.profile)) {
    const auto& o = *find_option(path);
    apply(o, {*parse_value(o, text), {source::profile, out.values.profile}}, out);
  }
  for (const auto& o : options())
    if (const auto& best = found.best[index_of(o)])
      apply(o, *best, out);
  const auto is_chosen = [&](const char* path) {
    return out.origins[index_of(*find_option(path))].from > source::profile;
  };
  out.values.models.chosen = is_chosen("models.provider") || is_chosen("models.model");
}

std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  return first == std::string_view::npos
           ? std::string_view{}
           : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// One key a line; empty lines are passed over.
std::vector<std::string> keys_in(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (const auto key = without_blanks(text.substr(0, end)); !key.empty())
      out.emplace_back(key);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

void read_key_file(const std::string& provider, hosted_settings& hosted, loaded_settings& out,
                   std::vector<std::string>& errors) {
  const auto& path = hosted.api_key_file;
  if (path.empty() || !hosted.api_keys.empty())
    return;
  const auto option = provider + ".api_key_file";
  const auto content = read_text_file(path);
  auto keys = keys_in(content ? *content : std::string{});
  if (keys.empty()
      || std::any_of(keys.begin(), keys.end(), [](const auto& key) { return !may_be_key(key); })) {
    errors.push_back(option + ": " + path + " cannot be read or holds no key");
    return;
  }
  std::error_code code;
  const auto mode = std::filesystem::status(path, code).permissions();
  if (!code && (mode & std::filesystem::perms::others_read) != std::filesystem::perms::none)
    out.warnings.push_back(option + ": every user of this machine can read " + path);
  hosted.api_keys = std::move(keys);
  out.origins[index_of(*find_option(provider + ".api_key"))] = {source::file, path};
}

void read_key_files(loaded_settings& out, std::vector<std::string>& errors) {
  for_each_hosted(out.values, [&](const std::string& name, hosted_settings& hosted) {
    read_key_file(name, hosted, out, errors);
  });
}

/// Said here, since each call of a provider would fail by it.
void look_at_certificates(const std::string& path, std::vector<std::string>& errors) {
  if (path.empty())
    return;
  const auto content = read_text_file(path);
  if (!content || content->find("-----BEGIN CERTIFICATE-----") == std::string::npos)
    errors.push_back("models.ca_file: " + path + " cannot be read or holds no certificate");
}

bool is_of_path(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

/// Whether a sentence names an option, and not only one whose path begins or ends like its.
bool names(std::string_view sentence, std::string_view path) {
  for (auto at = sentence.find(path); at != std::string_view::npos;
       at = sentence.find(path, at + 1)) {
    const auto end = at + path.size();
    const bool begins = at == 0 || !is_of_path(sentence[at - 1]);
    if (begins && (end == sentence.size() || !is_of_path(sentence[end])))
      return true;
  }
  return false;
}

/// " (models.retry_base: file my.toml:2; models.retry_cap: default)": the option that the sentence
/// is about, and those that it names and somebody has set.
std::string places_of(const std::string& sentence, const loaded_settings& loaded) {
  std::string out;
  for (const auto& o : options()) {
    const auto& where = loaded.origins[index_of(o)];
    const bool about = sentence.starts_with(o.path + ":");
    if (about || (where.from != source::defaults && names(sentence, o.path)))
      out += (out.empty() ? " (" : "; ") + o.path + ": " + described(where);
  }
  return out.empty() ? out : out + ")";
}

void note_idle(const environment& env, loaded_settings& out) {
  for (const auto& idle : idle_variables())
    if (!variable(env, idle.name).empty())
      out.idle.push_back({std::string{idle.name}, std::string{idle.reason}});
}

} // namespace

void gathering::put(const option& o, option_value value, origin where) {
  best[index_of(o)] = candidate{std::move(value), std::move(where)};
}

std::string described(const origin& where) {
  switch (where.from) {
  case source::defaults:
    return "default";
  case source::profile:
    return "profile " + where.place;
  case source::file:
    return "file " + where.place;
  case source::environment:
    return "environment " + where.place;
  case source::command_line:
    return "command line " + where.place;
  }
  return {};
}

result<loaded_settings> load_values(const load_input& input) {
  gathering found;
  for (const auto& file : input.files)
    gather_file(file, found);
  gather_environment(input.env, found);
  gather_command_line(input.command_line, found);
  loaded_settings out;
  out.origins.resize(options().size());
  out.warnings = std::move(found.warnings);
  note_idle(input.env, out);
  apply_all(found, out);
  read_key_files(out, found.errors);
  look_at_certificates(out.values.models.ca_file, found.errors);
  if (!found.errors.empty())
    return all_of(found.errors);
  return out;
}

result<void> check_fit(const loaded_settings& loaded) {
  auto faults = contradictions(loaded.values);
  for (auto& fault : faults)
    fault += places_of(fault, loaded);
  return faults.empty() ? result<void>{} : all_of(faults);
}

/// What is wrong with one value may make two look as if they did not fit each other: they are
/// compared once each is right.
result<loaded_settings> load_settings(const load_input& input) {
  auto loaded = load_values(input);
  if (!loaded)
    return loaded;
  if (auto fit = check_fit(*loaded); !fit)
    return fit.error();
  return loaded;
}

const std::vector<std::pair<std::string, std::string>>& profile_values(std::string_view profile) {
  using values = std::vector<std::pair<std::string, std::string>>;
  static const values none;
  static const values development{
    {"models.provider", "ollama"}, {"models.attempt_timeout", "15s"},
    {"models.max_tokens", "512"},  {"models.temperature", "0.7"},
    {"models.top_k", "40"},        {"models.top_p", "0.9"},
    {"models.num_ctx", "2048"},
  };
  static const values production{
    {"models.provider", "openai"},
    {"models.attempt_timeout", "10s"},
    {"models.max_tokens", "1024"},
    {"models.temperature", "0.7"},
  };
  if (profile == "development")
    return development;
  return profile == "production" ? production : none;
}

result<std::string> data_folder(const settings& values, const environment& env) {
  if (!values.store.data_dir.empty())
    return values.store.data_dir;
  // The XDG specification: a relative path in these variables is to be passed over.
  if (const auto xdg = variable(env, "XDG_DATA_HOME"); xdg.starts_with('/'))
    return (std::filesystem::path{xdg} / "flipsync").string();
  if (const auto home = variable(env, "HOME"); home.starts_with('/'))
    return (std::filesystem::path{home} / ".local/share/flipsync").string();
  return error{errc::invalid_request,
               "no data folder: set store.data_dir (--data), XDG_DATA_HOME or HOME"}
    .with("field", "store.data_dir");
}

} // namespace flipsync::config
