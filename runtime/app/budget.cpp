/// `flipsync budget`: asks the running service what model calls have cost today, and what is left.

#include "runtime/app/budget_view.hpp"
#include "runtime/app/commands.hpp"
#include "runtime/app/exit_code.hpp"
#include "runtime/app/service_call.hpp"

namespace flipsync::app {

int budget(const surroundings& here, const budget_arguments& arguments, bool json) {
  service_answer answers[2];
  const char* const targets[]{"/api/v1/budget", "/api/v1/cache"};
  for (std::size_t i = 0; i < std::size(targets); ++i) {
    auto answer = call_service(here.ctx, arguments.service, "GET", targets[i]);
    if (!answer)
      return report(answer.error());
    if (answer->status != 200)
      return report_refusal(*answer);
    answers[i] = std::move(*answer);
  }
  const auto& [spent, caches] = answers;
  const auto view =
    json ? budget_as_json(spent.body, caches.body) : budget_as_text(spent.body, caches.body);
  if (!view)
    return report(view.error());
  return here.out.write(*view) ? exit_done : exit_failed;
}

} // namespace flipsync::app
