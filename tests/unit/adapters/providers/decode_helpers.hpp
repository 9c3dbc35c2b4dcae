#pragma once
/// Running recorded bodies through a codec's decoder, in pieces of any size.

#include <cstddef>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/providers/common/codec.hpp"

namespace flipsync::testing {

inline std::string fixture(const std::string& name) {
  std::ifstream file{std::string{FLIPSYNC_FIXTURES} + "/" + name, std::ios::binary};
  if (!file)
    throw std::runtime_error{"no fixture " + name};
  return {std::istreambuf_iterator<char>{file}, {}};
}

struct decoded {
  result<model_reply> reply = error{errc::internal, "not decoded"};
  std::vector<std::string> tokens;
  bool ended_early = false; ///< the decoder was done, or had failed, before the exchange's end
  bool sound = false;       ///< the connection may be kept

  [[nodiscard]] std::string joined() const {
    std::string all;
    for (const auto& token : tokens)
      all += token;
    return all;
  }
  [[nodiscard]] error why() const { return reply ? error{} : reply.error(); }
};

inline exchange_head head_of(int status, std::string type,
                             std::vector<std::pair<std::string, std::string>> more = {}) {
  exchange_head head;
  head.status = status;
  head.headers = std::move(more);
  head.headers.emplace_back("content-type", std::move(type));
  return head;
}

/// The first piece is `first` bytes long, later ones `piece`.
inline decoded decode(const providers::provider_codec& codec, const model_request& request,
                      const exchange_head& head, std::string_view body,
                      std::size_t first = std::string::npos, std::size_t piece = std::string::npos,
                      const result<void>& transport = {}) {
  using state = providers::reply_decoder::state;
  decoded out;
  const auto decoder = codec.decoder(request);
  const providers::token_sink sink = [&](std::string_view t) { out.tokens.emplace_back(t); };
  decoder->head(head);
  auto size = first;
  while (!body.empty()) {
    const auto part = body.substr(0, size);
    if (!part.empty() && decoder->feed(part, sink) != state::more) {
      out.ended_early = true;
      break;
    }
    body.remove_prefix(part.size());
    size = piece;
  }
  out.reply = decoder->finish(out.ended_early ? result<void>{} : transport, sink);
  out.sound = decoder->connection_is_sound();
  return out;
}

inline model_request ask(bool stream) {
  model_request request;
  request.stream = stream;
  request.messages = {{chat_role::system, "You sell kitchen ware."},
                      {chat_role::user, "How much is the blue kettle, please?"}};
  return request;
}

} // namespace flipsync::testing
