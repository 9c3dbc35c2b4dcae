// Model providers' replies: every codec, whole and streamed, in one piece and cut anywhere.

#include <memory>
#include <string>
#include <vector>

#include "adapters/providers/anthropic/anthropic_codec.hpp"
#include "adapters/providers/gemini/gemini_codec.hpp"
#include "adapters/providers/ollama/ollama_codec.hpp"
#include "adapters/providers/openai/openai_codec.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace flipsync;

namespace {

using providers::provider_codec;
using providers::reply_decoder;

const provider_codec& codec_of(std::size_t vendor) {
  static const auto openai = make_openai_codec({});
  static const auto ollama = make_ollama_codec({});
  static const auto anthropic = make_anthropic_codec({});
  static const auto gemini = make_gemini_codec({});
  const provider_codec* all[] = {openai.get(), ollama.get(), anthropic.get(), gemini.get()};
  return *all[vendor];
}
constexpr std::size_t vendors = 4;

exchange_head head_of(std::size_t status, std::size_t type) {
  constexpr int statuses[] = {200, 200, 200, 400, 401, 429, 500};
  constexpr const char* types[] = {"application/json", "text/event-stream", "application/x-ndjson",
                                   "text/html"};
  exchange_head head;
  head.status = statuses[status];
  head.headers = {{"content-type", types[type]}};
  return head;
}

/// What a streamed reply was, put together from its pieces.
class joined final : public providers::reply_sink {
public:
  void text(std::string_view piece) override { tokens += piece; }
  void tool_call(const tool_call_piece& piece) override {
    fuzz::require(piece.index <= calls.size(), "tool calls come in order");
    if (piece.index == calls.size())
      calls.emplace_back();
    flipsync::tool_call& call = calls[piece.index];
    if (!piece.id.empty())
      call.id = piece.id;
    if (!piece.name.empty())
      call.name = piece.name;
    call.arguments += piece.arguments;
  }
  std::string tokens;
  std::vector<flipsync::tool_call> calls;
};

struct outcome {
  result<model_reply> reply = error{errc::internal};
  joined streamed;
};

outcome decode(const provider_codec& codec, const model_request& request, const exchange_head& head,
               std::string_view body, std::size_t first) {
  outcome out;
  const auto decoder = codec.decoder(request);
  decoder->head(head);
  for (const auto piece : {body.substr(0, first), body.substr(first)})
    if (!piece.empty() && decoder->feed(piece, out.streamed) != reply_decoder::state::more)
      break;
  out.reply = decoder->finish({}, out.streamed);
  return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  const auto& codec = codec_of(in.choose(vendors));
  model_request request;
  request.stream = in.choose(2) == 1;
  request.messages = {{chat_role::user, "How much is the blue kettle, please?"}};
  const auto status = in.choose(7);
  const auto head = head_of(status, in.choose(4));
  const auto cut = in.choose(256);
  const auto body = in.rest();
  const auto whole = decode(codec, request, head, body, body.size());
  const auto split = decode(codec, request, head, body, cut * body.size() / 256);
  fuzz::require(whole.reply.has_value() == split.reply.has_value()
                  && whole.streamed.tokens == split.streamed.tokens,
                "a reply means the same wherever its bytes are cut");
  if (whole.reply) {
    fuzz::require(whole.reply->text == split.reply->text, "so does its text");
    if (request.stream) {
      fuzz::require(whole.streamed.tokens == whole.reply->text, "the tokens are the text");
      fuzz::require(whole.streamed.calls.size() == whole.reply->tool_calls.size(),
                    "every tool call was streamed");
    }
  } else {
    fuzz::require(whole.reply.error().code != errc::none, "no reply is an error");
    fuzz::require(whole.reply.error().detail("provider") != "", "which names the provider");
  }
  static_cast<void>(codec.decode_models(head, body));
  static_cast<void>(codec.decode_check(head, body));
  return 0;
}
