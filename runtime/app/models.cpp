#include <algorithm>
#include <future>
#include <iostream>

#include "config/check.hpp"
#include "config/providers.hpp"
#include "runtime/app/commands.hpp"
#include "runtime/app/exit_code.hpp"
#include "runtime/app/model_names.hpp"
#include "runtime/core/wire/json.hpp"
#include "runtime/core/wire/json_append.hpp"

namespace flipsync::app {
namespace {

using model_list = result<std::vector<std::string>>;

/// A provider and what it says.
struct asked {
  std::shared_ptr<model_provider> provider;
  std::future<model_list> answer;
};

asked ask(std::shared_ptr<model_provider> provider, std::chrono::milliseconds timeout) {
  auto promise = std::make_shared<std::promise<model_list>>();
  auto future = promise->get_future();
  provider->models(timeout, [promise](model_list names) { promise->set_value(std::move(names)); });
  return {std::move(provider), std::move(future)};
}

std::string as_text(const model_provider& provider, const std::vector<std::string>& names) {
  std::string out = provider.name() + "\n";
  for (const auto& name : names)
    out += "  " + printable(name) + (name == provider.default_model() ? "  (default)" : "") + "\n";
  return out;
}

std::string as_json(const model_provider& provider, const model_list& answer) {
  std::string out;
  wire::json_object object{out};
  object.text("provider", provider.name());
  object.text("default_model", provider.default_model());
  if (answer) {
    wire::append_array(object.key("models"), *answer, [](std::string& to, const std::string& name) {
      wire::append_string(to, name);
    });
  } else {
    object.key("error") += wire::problem_json(answer.error(), 0, {});
  }
  object.close();
  return out + "\n";
}

/// Its reason is what helps; the message only says what kind of failure it is.
void complain(const model_provider& provider, const error& why) {
  std::cerr << "flipsync: " << provider.name() << ": " << why.message;
  const auto reason = why.detail("reason");
  if (reason == "key")
    std::cerr << ": it may be wrong, or there is none";
  else if (!reason.empty() && reason != why.message)
    std::cerr << ": " << printable(reason);
  std::cerr << '\n';
}

result<std::vector<provider_entry>> wanted(const config::settings& values,
                                           const std::string& only) {
  auto names = config::configured_providers(values);
  if (!only.empty()) {
    if (std::find(names.begin(), names.end(), only) == names.end()) {
      std::string all;
      for (const auto& name : names)
        all += (all.empty() ? "" : ", ") + name;
      return error{errc::invalid_request,
                   "the provider '" + only + "' is not configured; configured: " + all};
    }
    names = {only};
  }
  auto entries = config::build_providers(values, names);
  // What needs no model is only listed where there is nothing else.
  if (entries.size() > 1)
    std::erase_if(entries,
                  [](const provider_entry& e) { return e.provider->capabilities().facts_only; });
  return entries;
}

} // namespace

int models(const surroundings& here, const models_arguments& arguments, bool json) {
  const auto& values = here.ctx.config.values;
  auto entries = wanted(values, arguments.provider);
  if (!entries)
    return report(entries.error());
  std::vector<asked> all;
  for (auto& entry : *entries)
    all.push_back(ask(std::move(entry.provider), values.models.list_timeout));
  bool any = false;
  for (auto& [provider, future] : all) {
    const auto answer = future.get(); // within the time that it was given
    any = any || answer.has_value();
    if (json || answer)
      here.out.write(json ? as_json(*provider, answer) : as_text(*provider, *answer));
    if (!answer && !json)
      complain(*provider, answer.error());
    if (answer && !lists_model(*answer, provider->default_model()))
      std::cerr << "flipsync: warning: " << provider->name() << " does not list "
                << provider->default_model() << ", the model that it would be asked for\n";
  }
  if (!here.out.ok())
    return exit_failed;
  return any ? exit_done : exit_unreachable;
}

} // namespace flipsync::app
