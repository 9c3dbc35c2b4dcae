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
  std::vector<tool_call> calls; ///< joined from their pieces, in the order of their indices
  std::size_t call_pieces = 0;
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

/// Notes a reply's pieces.
class noting_sink final : public providers::reply_sink {
public:
  explicit noting_sink(decoded& into) : into_{into} {}
  void text(std::string_view piece) override { into_.tokens.emplace_back(piece); }
  void tool_call(const tool_call_piece& piece) override {
    ++into_.call_pieces;
    if (piece.index == into_.calls.size() && !piece.name.empty())
      into_.calls.push_back({std::string{piece.id}, std::string{piece.name}, {}});
    into_.calls.at(piece.index).arguments += piece.arguments;
  }

private:
  decoded& into_;
};

inline exchange_head head_of(int status, std::string type,
                             std::vector<std::pair<std::string, std::string>> more = {}) {
  exchange_head head;
  head.status = status;
  head.headers = std::move(more);
  head.headers.emplace_back("content-type", std::move(type));
  return head;
}

inline std::string_view header_of(const exchange_request& request, std::string_view name) {
  for (const auto& [key, value] : request.headers)
    if (key == name)
      return value;
  return {};
}

/// The first piece is `first` bytes long, later ones `piece`.
inline decoded decode(const providers::provider_codec& codec, const model_request& request,
                      const exchange_head& head, std::string_view body,
                      std::size_t first = std::string::npos, std::size_t piece = std::string::npos,
                      const result<void>& transport = {}) {
  using state = providers::reply_decoder::state;
  decoded out;
  const auto decoder = codec.decoder(request);
  noting_sink sink{out};
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

/// A conversation in which the model has asked for two calls, and got both answers.
inline model_request ask_with_tools(bool stream) {
  auto request = ask(stream);
  request.tools = {
    {"find_product", "Finds a product.",
     R"({"type":"object","properties":{"sku":{"type":"string"}},"required":["sku"]})"},
    {"list_shops", "", ""}};
  chat_message asking{chat_role::assistant, "", {}, {}};
  asking.tool_calls = {{"call_a", "find_product", R"({"sku":"K-1"})"},
                       {"call_b", "list_shops", "{}"}};
  request.messages.push_back(std::move(asking));
  request.messages.push_back({chat_role::tool, R"({"price":24.5})", {}, "call_a"});
  request.messages.push_back({chat_role::tool, "three shops", {}, "call_b"});
  return request;
}

/// The schema of an answer in these tests.
inline answer_format price_format() {
  return {answer_format::kind::json_schema, "price",
          R"({"type":"object","properties":{"price":{"type":"number"}},"required":["price"],)"
          R"("additionalProperties":false})",
          true};
}

/// What the recorded answers with calls say.
inline std::vector<tool_call> recorded_calls(const std::string& first, const std::string& second) {
  return {{first, "find_product", R"({"sku": "K-1"})"}, {second, "list_shops", "{}"}};
}

} // namespace flipsync::testing
