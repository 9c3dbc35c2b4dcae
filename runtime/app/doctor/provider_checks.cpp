#include "runtime/app/doctor/provider_checks.hpp"

#include <algorithm>
#include <future>

#include "config/providers.hpp"
#include "runtime/app/model_names.hpp"

namespace flipsync::app {
namespace {

finding key_finding(const config::provider_need& need, const std::string& about) {
  if (need.has_key)
    return {verdict::problem, about, "it is there, but its key is refused",
            "put a valid key into " + need.key_option};
  return {verdict::problem, about, "it is there, but wants a key",
          need.key_option.empty() ? "its address may be a wrong one"
                                  : "put one into " + need.key_option};
}

finding unreachable(const config::provider_need& need, const std::string& about, const error& why) {
  const auto reason = why.detail("reason");
  auto detail = why.message;
  if (!reason.empty() && reason != why.message)
    detail.append(": ").append(reason);
  return {verdict::problem, about, std::move(detail),
          need.fetchable ? "start its server, or set the address that it has"
                         : "see whether its address is right and this machine reaches it"};
}

bool is_refusal(const error& why) { return why.detail("reason") == "key"; }

finding key_of_several(const config::provider_need& need, const std::string& which,
                       const error& why) {
  const auto about = "keys of " + need.provider;
  if (is_refusal(why))
    return {verdict::problem, about, which + " is refused",
            "put a valid key in its place in " + need.key_option};
  if (why.code == errc::rate_limited)
    return {verdict::warning, about, which + " is taken, and at its limit",
            "see what its account allows"};
  return {verdict::problem, about, which + ": " + why.message,
          "see whether its address is right and this machine reaches it"};
}

/// Shows each of several keys to the provider.
std::vector<std::future<result<void>>> show_keys(model_provider& to,
                                                 std::chrono::milliseconds limit) {
  std::vector<std::future<result<void>>> out;
  for (std::uint32_t key = 0; to.keys() > 1 && key < to.keys(); ++key) {
    auto promise = std::make_shared<std::promise<result<void>>>();
    out.push_back(promise->get_future());
    to.check_key(key, limit, [promise](result<void> said) { promise->set_value(std::move(said)); });
  }
  return out;
}

std::string listing(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names)
    out += (out.empty() ? "" : ", ") + name;
  return out;
}

/// What more there is to see of it only a call of a model would show.
finding without_list(const config::provider_need& need, const std::string& about) {
  return {verdict::warning, about,
          "reachable, but it does not list its models; not checked: "
            + std::string{need.has_key ? "its key, " : ""} + listing(need.models),
          "if it does not answer `flipsync chat` either, its address may be a wrong one"};
}

} // namespace

findings judge_provider(const config::provider_need& need,
                        const result<std::vector<std::string>>& listed) {
  const auto about = "provider " + need.provider;
  if (!listed && listed.error().code == errc::not_found)
    return {without_list(need, about)};
  if (!listed)
    return {is_refusal(listed.error()) ? key_finding(need, about)
                                       : unreachable(need, about, listed.error())};
  findings out;
  out.push_back({verdict::ok,
                 about,
                 std::string{need.has_key ? "reachable, its key is taken, " : "reachable, "}
                   + std::to_string(listed->size()) + (listed->size() == 1 ? " model" : " models"),
                 {}});
  std::vector<std::string> missing;
  std::copy_if(need.models.begin(), need.models.end(), std::back_inserter(missing),
               [&](const std::string& name) { return !lists_model(*listed, name); });
  const auto models = "models of " + need.provider;
  if (missing.empty())
    out.push_back({verdict::ok, models, "it has " + listing(need.models), {}});
  for (const auto& name : missing)
    // A server that is not one's own may take names that it does not list.
    out.push_back(
      {need.fetchable ? verdict::problem : verdict::warning, models, "it does not list " + name,
       need.fetchable ? "flipsync pull " + name : "name one that `flipsync models` lists"});
  return out;
}

findings judge_keys(const config::provider_need& need, const std::vector<result<void>>& shown) {
  findings out;
  for (std::size_t i = 0; i < shown.size(); ++i)
    if (!shown[i])
      out.push_back(
        key_of_several(need, "key " + std::to_string(i + 1) + " of " + std::to_string(shown.size()),
                       shown[i].error()));
  if (out.empty())
    out.push_back({verdict::ok,
                   "keys of " + need.provider,
                   "all " + std::to_string(shown.size()) + " are taken",
                   {}});
  return out;
}

findings check_providers(const config::settings& values,
                         const std::vector<config::provider_need>& needs) {
  using list = result<std::vector<std::string>>;
  std::vector<std::string> names;
  names.reserve(needs.size());
  for (const auto& need : needs)
    names.push_back(need.provider);
  const auto entries = config::build_providers(values, names);
  std::vector<std::future<list>> answers;
  std::vector<std::vector<std::future<result<void>>>> keys;
  for (const auto& entry : entries) {
    auto promise = std::make_shared<std::promise<list>>();
    answers.push_back(promise->get_future());
    entry.provider->models(values.models.list_timeout,
                           [promise](list found) { promise->set_value(std::move(found)); });
    keys.push_back(show_keys(*entry.provider, values.models.list_timeout));
  }
  findings out;
  for (std::size_t i = 0; i < needs.size(); ++i) {
    for (auto& each : judge_provider(needs[i], answers[i].get()))
      out.push_back(std::move(each));
    std::vector<result<void>> shown;
    for (auto& said : keys[i])
      shown.push_back(said.get());
    if (!shown.empty())
      for (auto& each : judge_keys(needs[i], shown))
        out.push_back(std::move(each));
  }
  return out;
}

} // namespace flipsync::app
