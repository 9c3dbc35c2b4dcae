#include <future>

#include "runtime/app/commands.hpp"
#include "runtime/app/exit_code.hpp"
#include "runtime/core/wire/json.hpp"

namespace flipsync::app {
namespace {

using answer = result<std::vector<agent_status>>;

answer ask(facade& runtime) {
  auto promise = std::make_shared<std::promise<answer>>();
  auto future = promise->get_future();
  runtime.agents([promise](answer all) { promise->set_value(std::move(all)); });
  return future.get(); // the facade answers within a second
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

std::string described(const agent_status& agent) {
  std::string out = padded(agent.name, 13) + padded(std::string{to_string(agent.who)}, 9)
                    + padded(agent.state, 6) + printable(agent.title) + "\n";
  if (!agent.aliases.empty())
    out += "             also: " + joined(agent.aliases, ", ") + "\n";
  if (!agent.skills.empty())
    out += "             skills: " + joined(agent.skills, ", ") + "\n";
  return out;
}

} // namespace

int agents(const surroundings& here, bool json) {
  auto runtime = start_local(here.ctx);
  if (!runtime)
    return report(runtime.error());
  const auto all = ask(**runtime);
  (*runtime)->stop();
  if (!all)
    return report(all.error());
  for (const auto& agent : *all)
    if (!here.out.write(json ? wire::to_json(agent) + "\n" : described(agent)))
      return exit_failed;
  return exit_done;
}

} // namespace flipsync::app
