/// `flipsync cache`: asks the running service for the figures of its caches, or empties them.

#include "runtime/app/commands.hpp"
#include "runtime/app/exit_code.hpp"
#include "runtime/app/service_call.hpp"

namespace flipsync::app {
namespace {

std::string query_of(const cache_arguments& arguments) {
  std::string query;
  for (const auto& [name, value] :
       {std::pair{"provider", &arguments.provider}, std::pair{"class", &arguments.what}})
    if (!value->empty())
      query += (query.empty() ? "?" : "&") + std::string{name} + '=' + *value;
  return query;
}

/// Letters, digits and a few signs, so that the words need no encoding in the address.
bool is_plain(const std::string& word) {
  return word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")
         == std::string::npos;
}

} // namespace

int cache(const surroundings& here, const cache_arguments& arguments) {
  if (!is_plain(arguments.provider) || !is_plain(arguments.what))
    return report(error{errc::invalid_request, "--provider and --class are names"});
  const bool clears = arguments.verb == "clear";
  const auto answer =
    call_service(here.ctx, arguments.service, clears ? "DELETE" : "GET",
                 "/api/v1/cache" + (clears ? query_of(arguments) : std::string{}));
  if (!answer)
    return report(answer.error());
  if (answer->status != 200)
    return report_refusal(*answer);
  return here.out.write(answer->body + "\n") ? exit_done : exit_failed;
}

} // namespace flipsync::app
