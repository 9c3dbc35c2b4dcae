/// The tutor's shape of a turn: its client keeps the conversation and sends it along.

#include "adapters/bridge/bodies.hpp"
#include "adapters/bridge/handlers/answer_whole.hpp"
#include "adapters/bridge/handlers/groups.hpp"
#include "runtime/core/wire/json.hpp"
#include "runtime/core/wire/json_append.hpp"

namespace flipsync {

namespace {

/// The reply with the members that the tutor's clients read before all others.
void append_tutor_reply(std::string& out, const turn_reply& reply, const std::string& context,
                        wire::costs how) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  {
    wire::json_object object{out};
    object.text("response", reply.message);
    object.text("context", context);
    wire::append_time(object.key("timestamp"), now);
  }
  out += ',';
  const auto at = out.size();
  wire::append_json(out, reply, how);
  out.erase(at, 1); // its opening brace: it is one object with ours
}

class tutor_exchange final : public turn_exchange {
public:
  tutor_exchange(std::shared_ptr<inbox> to, std::string context)
    : turn_exchange{std::move(to)},
      context_{std::move(context)} {}

private:
  void append_start(std::string&, const turn_reply&) const override {}
  void append_end(std::string& out, const turn_reply& reply) const override {
    append_tutor_reply(out, reply, context_, costs());
  }

  std::string context_;
};

void tutor_chat(http_session& session) {
  if (session.draining())
    return session.problem(error{errc::shutting_down, "the service is draining"});
  auto request = parse_tutor_request(session.request().body);
  if (!request)
    return session.problem(request.error());
  // A place of its own: the same body means another turn in POST /api/v1/chat.
  answer_whole(
    session, std::move(request->turn),
    std::make_shared<tutor_exchange>(session.services().completions, std::move(request->context)),
    "/api/v1/ai/chat");
}

} // namespace

std::span<const route> tutor_routes() noexcept {
  static constexpr route table[]{
    {.method = http_method::post,
     .pattern = "/api/v1/ai/chat",
     .summary = "one turn of a conversation that its client keeps",
     .handle = tutor_chat,
     .body = body_kind::json,
     .request = "TutorRequest",
     .reply = "TutorReply"},
  };
  return table;
}

} // namespace flipsync
