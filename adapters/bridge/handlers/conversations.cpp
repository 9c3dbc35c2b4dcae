#include "adapters/bridge/bodies.hpp"
#include "adapters/bridge/handlers/answer_whole.hpp"
#include "adapters/bridge/handlers/caller.hpp"
#include "adapters/bridge/handlers/groups.hpp"
#include "adapters/bridge/handlers/office_call.hpp"
#include "runtime/core/wire/json.hpp"
#include "runtime/core/wire/json_append.hpp"
#include "runtime/core/wire/json_records.hpp"

namespace flipsync {

namespace {

constexpr std::int64_t usual_page = 50;

std::uint32_t limit_of(const http_session& session) {
  return static_cast<std::uint32_t>(session.query().whole("limit").value_or(usual_page));
}

/// `"name":[…],"next_cursor":"…"`; the cursor is null on the last page.
template <class T>
void append_page(wire::json_object& object, std::string_view name, const std::vector<T>& items,
                 std::uint64_t next) {
  wire::append_array(object.key(name), items,
                     [](std::string& out, const T& item) { wire::append_json(out, item); });
  if (next == 0)
    object.key("next_cursor") += "null";
  else
    object.text("next_cursor", cursor_of(next));
}

void list(http_session& session) {
  const auto before = place_of(session);
  if (!before)
    return session.problem(before.error());
  auto* office = office_of(session);
  if (office == nullptr)
    return;
  office_call<conversation_page>::start(
    session,
    [&](auto done) {
      office->conversations(tenant_of(session), *before, limit_of(session), std::move(done));
    },
    [](http_session& to, const conversation_page& page) {
      wire::json_object object{to.begin_response(200, json_type)};
      append_page(object, "conversations", page.items, page.next);
      object.close();
      to.end_response();
    });
}

void begin(http_session& session) {
  auto wanted = parse_new_conversation(session.request().body);
  if (!wanted)
    return session.problem(wanted.error());
  if (const auto refused = check_audience(session.sender(), wanted->who))
    return session.problem(refused->why);
  if (wanted->who == audience::any)
    wanted->who = audience_of(session);
  auto* office = office_of(session);
  if (office == nullptr)
    return;
  office_call<conversation_summary>::start(
    session,
    [&](auto done) {
      office->begin_conversation(tenant_of(session), std::move(*wanted), std::move(done));
    },
    [](http_session& to, const conversation_summary& fresh) {
      const auto where = "Location: /api/v1/chat/conversations/" + fresh.id + "\r\n";
      wire::append_json(to.begin_response(201, json_type, where), fresh);
      to.end_response();
    });
}

/// Reads a page of messages and has `write` answer with it.
void read_page(http_session& session, std::uint64_t after, std::uint32_t limit,
               office_call<message_page>::writer write) {
  auto* office = office_of(session);
  if (office == nullptr)
    return;
  office_call<message_page>::start(
    session,
    [&](auto done) {
      office->messages(tenant_of(session), session.parameter("id"), audience_of(session), after,
                       limit, std::move(done));
    },
    std::move(write));
}

void show(http_session& session) {
  read_page(session, 0, 1, [](http_session& to, const message_page& page) {
    wire::append_json(to.begin_response(200, json_type), page.conversation);
    to.end_response();
  });
}

void messages(http_session& session) {
  const auto after = place_of(session);
  if (!after)
    return session.problem(after.error());
  read_page(session, *after, limit_of(session), [](http_session& to, const message_page& page) {
    wire::json_object object{to.begin_response(200, json_type)};
    object.text("conversation_id", page.conversation.id);
    append_page(object, "messages", page.items, page.next);
    object.close();
    to.end_response();
  });
}

void remove(http_session& session) {
  auto* office = office_of(session);
  if (office == nullptr)
    return;
  office_call<bool>::start(
    session,
    [&](auto done) {
      office->remove_conversation(tenant_of(session), session.parameter("id"),
                                  [done](const result<void>& gone) {
                                    done(gone ? result<bool>{true} : result<bool>{gone.error()});
                                  });
    },
    [](http_session& to, bool) { to.no_content(); });
}

/// A turn in this conversation.
void say(http_session& session) {
  if (session.draining())
    return session.problem(error{errc::shutting_down, "the service is draining"});
  auto request = wire::parse_turn_request(session.request().body);
  if (!request)
    return session.problem(request.error());
  auto id = session.parameter("id");
  if (!request->conversation_id.empty() && request->conversation_id != id)
    return session.problem(
      error{errc::invalid_request, "conversation_id is not the conversation of the path"}.with(
        "field", "conversation_id"));
  request->conversation_id = std::move(id);
  request->stream = false;
  // What is not there, or not the caller's to see, is not begun by this route.
  read_page(session, 0, 1,
            [said = std::move(*request)](http_session& to, const message_page&) mutable {
              const auto place = said.conversation_id;
              answer_whole(to, std::move(said),
                           std::make_shared<turn_exchange>(to.services().completions), place);
            });
}

constexpr query_field page_fields[]{
  {.name = "limit",
   .type = query_type::whole,
   .summary = "items of a page; 50 if not given",
   .min = 1,
   .max = 200},
  {.name = "cursor", .summary = "next_cursor of the page before", .min = 1, .max = 32},
  {.name = "audience",
   .type = query_type::choice,
   .summary = "who looks: a shopper sees only conversations of shoppers",
   .choices = "any|shopper|seller"},
};
constexpr query_field list_fields[]{page_fields[0], page_fields[1]};
constexpr query_field show_fields[]{page_fields[2]};

} // namespace

std::span<const route> conversation_routes() noexcept {
  static constexpr route table[]{
    {.pattern = "/api/v1/chat/conversations",
     .summary = "stored conversations, the one begun last first",
     .handle = list,
     .who = access::seller,
     .query = list_fields,
     .reply = "ConversationList"},
    {.method = http_method::post,
     .pattern = "/api/v1/chat/conversations",
     .summary = "begins an empty conversation",
     .handle = begin,
     .body = body_kind::json,
     .request = "NewConversation",
     .reply = "Conversation",
     .status = "201"},
    {.pattern = "/api/v1/chat/conversations/{id}",
     .summary = "one stored conversation",
     .handle = show,
     .query = show_fields,
     .reply = "Conversation"},
    {.method = http_method::delete_,
     .pattern = "/api/v1/chat/conversations/{id}",
     .summary = "ends what runs in a conversation and deletes it",
     .handle = remove,
     .who = access::seller,
     .status = "204"},
    {.pattern = "/api/v1/chat/conversations/{id}/messages",
     .summary = "a conversation's messages, oldest first",
     .handle = messages,
     .query = page_fields,
     .reply = "MessageList"},
    {.method = http_method::post,
     .pattern = "/api/v1/chat/conversations/{id}/messages",
     .summary = "one turn in this conversation, whole reply",
     .handle = say,
     .body = body_kind::json,
     .request = "TurnRequest",
     .reply = "TurnReply"},
  };
  return table;
}

} // namespace flipsync
