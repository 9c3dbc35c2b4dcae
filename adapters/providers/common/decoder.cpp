#include <algorithm>
#include <chrono>
#include <utility>

#include "adapters/providers/common/dialect.hpp"
#include "adapters/providers/common/line_splitter.hpp"
#include "adapters/providers/common/sse_parser.hpp"

namespace flipsync::providers {

namespace {

/// Of an error's body; its reason is in the beginning.
constexpr std::size_t max_error_body = 64 * 1024;
/// Of one event; a sound one holds a few tokens, or a whole answer from servers that only seem to
/// stream.
constexpr std::size_t max_event = 2 * 1024 * 1024;
/// Broken events that are passed over; a stream with more of them is not one.
constexpr int max_skipped = 16;

enum class body_kind : std::uint8_t { undecided, whole, sse, ndjson, refusal, wrong };

bool contains(std::string_view text, std::string_view part) noexcept {
  return text.find(part) != std::string_view::npos;
}

class dialect_decoder final : public reply_decoder {
public:
  dialect_decoder(decoder_setup setup, std::unique_ptr<reply_dialect> dialect)
    : setup_{std::move(setup)},
      dialect_{std::move(dialect)},
      events_{max_event},
      lines_{max_event} {}

  void head(const exchange_head& head) override {
    head_ = head;
    kind_ = kind_of_body();
    if (kind_ == body_kind::wrong)
      fail(errc::malformed_reply, "the provider's answer has the wrong content type",
           head_.header("content-type"));
  }

  state feed(std::string_view bytes, const token_sink& tokens) override {
    if (failure_ || done_)
      return now();
    switch (kind_) {
    case body_kind::sse:
      feed_events(bytes, tokens);
      break;
    case body_kind::ndjson:
      feed_lines(bytes, tokens);
      break;
    case body_kind::whole:
      body_.append(bytes);
      break;
    case body_kind::refusal:
      body_.append(bytes.substr(0, max_error_body - std::min(max_error_body, body_.size())));
      if (body_.size() == max_error_body)
        take_refusal();
      break;
    case body_kind::undecided:
    case body_kind::wrong:
      fail(errc::malformed_reply, "the provider's answer has no head");
      break;
    }
    return now();
  }

  result<model_reply> finish(const result<void>& transport, const token_sink& tokens) override {
    if (!failure_ && !done_)
      take_end(transport, tokens);
    if (failure_)
      return *failure_;
    return reply();
  }

  [[nodiscard]] bool connection_is_sound() const noexcept override {
    return skipped_ == 0 && !failure_;
  }

private:
  [[nodiscard]] state now() const noexcept {
    if (failure_)
      return state::failed;
    return done_ ? state::done : state::more;
  }

  [[nodiscard]] body_kind kind_of_body() const {
    if (!is_success(head_.status))
      return body_kind::refusal;
    const auto type = head_.header("content-type");
    const bool json = type.empty() || contains(type, "json");
    if (!setup_.streamed)
      return json ? body_kind::whole : body_kind::wrong;
    if (dialect_->stream_framing() == reply_dialect::framing::ndjson)
      return json || contains(type, "text/plain") ? body_kind::ndjson : body_kind::wrong;
    if (type.empty() || contains(type, "text/event-stream"))
      return body_kind::sse;
    return json ? body_kind::whole : body_kind::wrong; // a server that does not stream
  }

  void fail(errc code, const char* message, std::string_view reason = {}) {
    if (failure_)
      return;
    failure_ = provider_error(code, message, setup_.frame, reason);
    if (head_.status != 0)
      failure_->with("status", std::to_string(head_.status));
    if (code == errc::malformed_reply && reason.empty())
      failure_->with("reason", message);
  }

  void feed_events(std::string_view bytes, const token_sink& tokens) {
    const bool sound =
      events_.feed(bytes, [&](const sse_event& e) { return take_event(e.name, e.data, tokens); });
    if (!sound && !failure_ && !done_)
      fail(errc::malformed_reply, "an event of the stream is too large");
  }

  void feed_lines(std::string_view bytes, const token_sink& tokens) {
    const bool sound = lines_.feed(
      bytes, [&](std::string_view line) { return line.empty() || take_event({}, line, tokens); });
    if (!sound && !failure_ && !done_)
      fail(errc::malformed_reply, "a line of the stream is too large");
  }

  /// False to stop the parsing.
  bool take_event(std::string_view name, std::string_view data, const token_sink& tokens) {
    saw_event_ = true;
    const auto before = draft_.text.size();
    const auto found = dialect_->event(name, data, draft_);
    if (found.what == meaning::kind::malformed && ++skipped_ > max_skipped)
      fail(errc::malformed_reply, "the stream is full of broken events");
    take_text(before, tokens);
    if (found.what == meaning::kind::done)
      done_ = true;
    else
      take_refused(found);
    return !failure_ && !done_;
  }

  void take_text(std::size_t before, const token_sink& tokens) {
    if (draft_.text.size() > setup_.max_reply_bytes)
      fail(errc::malformed_reply, "the answer is longer than allowed");
    else if (draft_.text.size() > before && setup_.streamed)
      tokens(std::string_view{draft_.text}.substr(before));
  }

  void take_refused(const meaning& found) {
    if (found.what == meaning::kind::filtered) {
      fail(errc::content_filtered, "the provider's content filter ended the answer",
           found.words.message.empty() ? "content_filter" : std::string_view{found.words.message});
    } else if (found.what == meaning::kind::refused && !failure_) {
      failure_ = failure_within_reply(found.words, setup_.frame);
      mark_cut();
    }
  }

  void take_refusal() {
    if (auto refused = expect_success(head_, body_, setup_.frame); !refused)
      failure_ = refused.error();
  }

  void take_end(const result<void>& transport, const token_sink& tokens) {
    if (kind_ == body_kind::refusal) {
      take_refusal(); // its status says it all, even if its body was cut
    } else if (!transport) {
      take_transport_failure(transport.error());
    } else if (kind_ == body_kind::whole) {
      take_whole(tokens);
    } else {
      take_end_of_stream(tokens);
    }
  }

  /// A connection that breaks after the answer has ended by its finish reason has broken nothing.
  void take_transport_failure(const error& why) {
    if (kind_ != body_kind::whole && ended_by_reason())
      return;
    failure_ = why;
    failure_->with("provider", setup_.frame.provider);
    if (head_.status != 0)
      failure_->with("status", std::to_string(head_.status));
    if (why.code == errc::provider_unavailable && is_success(head_.status)) {
      failure_->code = errc::malformed_reply;
      failure_->message = "the provider's answer was cut off";
      failure_->with("cut", "true");
    } else {
      mark_cut();
    }
    if (failure_->detail("reason").empty())
      failure_->with("reason", failure_->message);
  }

  void take_whole(const token_sink& tokens) {
    if (body_.empty()) {
      fail(errc::malformed_reply, "the provider's answer is empty");
      return;
    }
    const auto found = dialect_->whole(body_, draft_);
    if (found.what == meaning::kind::malformed)
      fail(errc::malformed_reply, "the provider's answer is not what its protocol says");
    take_refused(found);
    if (!failure_)
      take_text(0, tokens);
  }

  void take_end_of_stream(const token_sink& tokens) {
    if (kind_ == body_kind::sse)
      events_.finish([&](const sse_event& e) { return take_event(e.name, e.data, tokens); });
    else
      lines_.finish([&](std::string_view line) { return take_event({}, line, tokens); });
    if (failure_ || done_ || ended_by_reason())
      return;
    if (!saw_event_) {
      fail(errc::malformed_reply, "the provider's answer is empty");
      return;
    }
    fail(errc::malformed_reply, "the provider's answer was cut off");
    failure_->with("cut", "true");
  }

  [[nodiscard]] bool ended_by_reason() const noexcept { return !draft_.finish_reason.empty(); }

  void mark_cut() {
    if (!draft_.text.empty() && failure_->detail("cut").empty())
      failure_->with("cut", "true");
  }

  result<model_reply> reply() {
    if (draft_.finish_reason.empty())
      draft_.finish_reason = "stop";
    if (draft_.text.empty() && draft_.finish_reason != "tool_calls") {
      fail(errc::malformed_reply, "the provider's answer has no text", draft_.finish_reason);
      return *failure_;
    }
    model_reply out;
    out.text = std::move(draft_.text);
    out.model = draft_.model.empty() ? std::move(setup_.model) : std::move(draft_.model);
    out.finish_reason = std::move(draft_.finish_reason);
    out.tokens = draft_.tokens;
    return out;
  }

  decoder_setup setup_;
  std::unique_ptr<reply_dialect> dialect_;
  sse_parser events_;
  line_splitter lines_;
  exchange_head head_;
  body_kind kind_ = body_kind::undecided;
  std::string body_;
  reply_draft draft_;
  std::optional<error> failure_;
  int skipped_ = 0;
  bool saw_event_ = false;
  bool done_ = false;
};

} // namespace

result<void> expect_success(const exchange_head& head, std::string_view body,
                            const failure_frame& frame) {
  if (is_success(head.status))
    return {};
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  return failure_of_status(head, read_failure(body), frame, now);
}

failure_frame frame_for(const provider_settings& settings) {
  failure_frame frame;
  frame.provider = settings.name;
  if (!settings.key.empty())
    frame.secrets.push_back(settings.key);
  for (const auto& [name, value] : settings.extra_headers)
    frame.secrets.push_back(value);
  return frame;
}

decoder_setup setup_for(const provider_settings& settings, const model_request& request) {
  // Long enough to be no accident, short enough to catch a quote of the beginning.
  constexpr std::size_t shortest = 12;
  constexpr std::size_t longest = 32;
  decoder_setup setup;
  setup.frame = frame_for(settings);
  for (const auto& message : request.messages)
    if (message.text.size() >= shortest)
      setup.frame.quotes.push_back(message.text.substr(0, longest));
  setup.model = request.model.empty() ? settings.default_model : request.model;
  setup.streamed = request.stream;
  setup.max_reply_bytes = settings.max_reply_bytes;
  return setup;
}

std::unique_ptr<reply_decoder> make_decoder(decoder_setup setup,
                                            std::unique_ptr<reply_dialect> dialect) {
  return std::make_unique<dialect_decoder>(std::move(setup), std::move(dialect));
}

} // namespace flipsync::providers
