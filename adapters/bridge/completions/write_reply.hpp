#pragma once
/// Writes answers in the chat-completions protocol, whole and in chunks, and lists of models.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/model/direct_request.hpp"
#include "runtime/core/types/agent_status.hpp"
#include "runtime/core/types/turn_event.hpp"
#include "runtime/core/wire/json.hpp"

namespace flipsync::completions {

/// What each piece of an answer repeats, and what none may tell.
struct reply_head {
  std::string id;           ///< the turn's
  std::string model;        ///< as the caller named it
  std::int64_t created = 0; ///< seconds since 1970
  wire::costs costs = wire::costs::told;
};

/// Appends a chat.completion. Our own facts (agent, provider, attempts) stand under the member
/// "flipsync", which clients ignore.
void append_completion(std::string& out, const reply_head& head, const turn_reply& reply);

/// Appends an answer as server-sent events, each a chat.completion.chunk.
class chunk_writer {
public:
  chunk_writer(reply_head head, bool usage) : head_{std::move(head)}, usage_{usage} {}
  void set(std::string id, std::int64_t created) {
    head_.id = std::move(id);
    head_.created = created;
  }

  void role(std::string& out) const;
  void content(std::string& out, std::string_view text) const;
  void call(std::string& out, const tool_call_delta& piece) const;
  /// The finish reason, the usage if it was asked for, and the end mark.
  void end(std::string& out, const turn_reply& reply) const;
  /// The answer ends here, unfinished and without the end mark.
  static void failure(std::string& out, const error& why);

private:
  void append_chunk(std::string& out, std::string_view delta, std::string_view reason,
                    const turn_reply* facts) const;

  reply_head head_;
  bool usage_;
};

/// A model that can be named in a request.
struct listed_model {
  std::string id;
  std::string owner;
};

/// "flipsync", "flipsync/<agent>" for each agent, "<provider>/<model>" for each offer.
std::vector<listed_model> models_of(const std::vector<agent_status>& agents,
                                    const std::vector<model_offer>& offers);
void append_model(std::string& out, const listed_model& model);
void append_models(std::string& out, const std::vector<listed_model>& models);

} // namespace flipsync::completions
