#pragma once
/// A request to the running service, for commands that ask it.

#include <string>

#include "runtime/app/command_line.hpp"
#include "runtime/app/local_runtime.hpp"
#include "runtime/core/types/error.hpp"

namespace flipsync::app {

struct service_answer {
  int status = 0;
  std::string body;
};

/// Sends one request without a body and waits for the answer, 15 s at most. `target` is the path
/// with its query. Errors: what is wrong with the key's file, and as the HTTP client's, with the
/// address.
result<service_answer> call_service(const context& ctx, const service_address& where,
                                    const std::string& method, const std::string& target);

/// Says on stderr what the service answered in place of what was asked for; gives the exit code.
int report_refusal(const service_answer& answer);

} // namespace flipsync::app
