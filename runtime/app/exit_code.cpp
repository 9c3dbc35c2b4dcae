#include "runtime/app/exit_code.hpp"

#include <iostream>

namespace flipsync::app {

int exit_code_of(errc code) noexcept {
  switch (code) {
  case errc::none:
    return exit_done;
  case errc::invalid_request:
  case errc::not_found:
  case errc::forbidden:
    return exit_wrong_use;
  case errc::provider_unavailable:
  case errc::store_failed:
  case errc::conflict:
  case errc::node_lost:
    return exit_unreachable;
  default:
    return exit_failed;
  }
}

int report(const error& why) {
  std::string_view rest = why.message.empty() ? to_string(why.code) : std::string_view{why.message};
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    std::cerr << "flipsync: " << rest.substr(0, end) << '\n';
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (why.retry_after)
    std::cerr << "flipsync: try again in " << why.retry_after->count() << " ms\n";
  return exit_code_of(why.code);
}

} // namespace flipsync::app
