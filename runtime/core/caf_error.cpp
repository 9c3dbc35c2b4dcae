#include "runtime/core/caf_error.hpp"

#include <caf/exit_reason.hpp>
#include <caf/make_message.hpp>
#include <caf/sec.hpp>

#include "runtime/core/caf_compat.hpp"
#include "runtime/core/type_ids.hpp"

namespace flipsync {

caf::error to_caf(error why) {
  const auto code = why.code == errc::none ? errc::internal : why.code;
  return caf::make_error(code, std::make_shared<const error>(std::move(why)));
}

error from_caf(const caf::error& why) {
  if (why.category() == caf::type_id_v<errc>) {
    const auto& context = why.context();
    if (context.match_elements<error_ptr>())
      return *context.get_as<error_ptr>(0);
    return error{static_cast<errc>(why.code())};
  }
  // runtime_error is what CAF makes of an exception that ended the peer.
  if (why == caf::sec::request_receiver_down || why == caf::sec::broken_promise
      || why == caf::sec::runtime_error || why.category() == caf::type_id_v<caf::exit_reason>)
    return error{errc::agent_down, "the actor that worked on this is gone"};
  return error{errc::internal, caf::to_string(why)};
}

} // namespace flipsync
