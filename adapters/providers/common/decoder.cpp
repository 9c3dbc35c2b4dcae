#include <algorithm>
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

  state feed(std::string_view bytes, reply_sink& sink) override {
    if (failure_ || done_)
      return now();
    switch (kind_) {
    case body_kind::sse:
      feed_events(bytes, sink);
      break;
    case body_kind::ndjson:
      feed_lines(bytes, sink);
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

  result<model_reply> finish(const result<void>& transport, reply_sink& sink) override {
    if (!failure_ && !done_)
      take_end(transport, sink);
    if (failure_)
      return *failure_;
    return reply();
  }

  [[nodiscard]] token_usage usage() const noexcept override { return draft_.tokens; }

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

  void fail_too_long() {
    fail(errc::malformed_reply, "the answer is longer than allowed");
    failure_->with("limit", "size");
  }

  void feed_events(std::string_view bytes, reply_sink& sink) {
    const bool sound =
      events_.feed(bytes, [&](const sse_event& e) { return take_event(e.name, e.data, sink); });
    if (!sound && !failure_ && !done_)
      fail(errc::malformed_reply, "an event of the stream is too large");
  }

  void feed_lines(std::string_view bytes, reply_sink& sink) {
    const bool sound = lines_.feed(
      bytes, [&](std::string_view line) { return line.empty() || take_event({}, line, sink); });
    if (!sound && !failure_ && !done_)
      fail(errc::malformed_reply, "a line of the stream is too large");
  }

  /// False to stop the parsing.
  bool take_event(std::string_view name, std::string_view data, reply_sink& sink) {
    saw_event_ = true;
    const auto found = dialect_->event(name, data, draft_);
    if (found.what == meaning::kind::malformed && ++skipped_ > max_skipped)
      fail(errc::malformed_reply, "the stream is full of broken events");
    take_draft(sink);
    if (found.what == meaning::kind::done)
      done_ = true;
    else
      take_refused(found);
    return !failure_ && !done_;
  }

  /// Looks at what the dialect added to the draft, and hands it on.
  void take_draft(reply_sink& sink) {
    if (draft_.size() > setup_.max_reply_bytes)
      fail_too_long();
    else if (draft_.too_many_calls())
      fail(errc::malformed_reply, "the answer has more tool calls than allowed");
    if (failure_)
      return;
    setup_.namer.name(draft_);
    if (setup_.streamed)
      teller_.tell(draft_, sink);
  }

  void take_refused(const meaning& found) {
    if (found.what == meaning::kind::filtered) {
      fail(errc::content_filtered, "the provider's content filter ended the answer",
           found.words.message.empty() ? "content_filter" : std::string_view{found.words.message});
    } else if (found.what == meaning::kind::unusable) {
      fail(errc::malformed_reply, "the model's answer is unusable", found.words.message);
    } else if (found.what == meaning::kind::refused && !failure_) {
      failure_ = failure_within_reply(found.words, setup_.frame);
      mark_cut();
    }
  }

  void take_refusal() {
    if (auto refused = expect_success(head_, body_, setup_.frame); !refused)
      failure_ = refused.error();
  }

  void take_end(const result<void>& transport, reply_sink& sink) {
    if (kind_ == body_kind::refusal) {
      take_refusal(); // its status says it all, even if its body was cut
    } else if (!transport) {
      take_transport_failure(transport.error());
    } else if (kind_ == body_kind::whole) {
      take_whole(sink);
    } else {
      take_end_of_stream(sink);
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

  void take_whole(reply_sink& sink) {
    if (body_.empty()) {
      fail(errc::malformed_reply, "the provider's answer is empty");
      return;
    }
    const auto found = dialect_->whole(body_, draft_);
    if (found.what == meaning::kind::malformed)
      fail(errc::malformed_reply, "the provider's answer is not what its protocol says");
    take_refused(found);
    if (!failure_)
      take_draft(sink);
  }

  void take_end_of_stream(reply_sink& sink) {
    if (kind_ == body_kind::sse)
      events_.finish([&](const sse_event& e) { return take_event(e.name, e.data, sink); });
    else
      lines_.finish([&](std::string_view line) { return take_event({}, line, sink); });
    if (failure_ || done_ || ended_by_reason())
      return;
    if (const auto words = find_failure(events_.stray())) {
      take_refused({meaning::kind::refused, *words});
      return;
    }
    if (!saw_event_) {
      fail(errc::malformed_reply, "the provider's answer is empty");
      return;
    }
    fail(errc::malformed_reply, "the provider's answer was cut off");
    failure_->with("cut", "true");
  }

  [[nodiscard]] bool ended_by_reason() const noexcept { return !draft_.finish_reason.empty(); }

  void mark_cut() {
    if (!draft_.empty() && failure_->detail("cut").empty())
      failure_->with("cut", "true");
  }

  result<model_reply> reply() {
    if (draft_.finish_reason.empty())
      draft_.finish_reason = "stop";
    if (draft_.empty()) {
      fail(errc::malformed_reply, "the provider's answer has no text", draft_.finish_reason);
      if (draft_.finish_reason == "length") // spent on thinking, which is no part of it
        failure_->with("limit", "length");
      return *failure_;
    }
    if (const auto* what = departs_from(setup_.asked, draft_)) {
      fail(errc::malformed_reply, what);
      return *failure_;
    }
    // Vendors differ in what they call an answer that stops in order to call.
    if (!draft_.tool_calls.empty() && draft_.finish_reason == "stop")
      draft_.finish_reason = "tool_calls";
    model_reply out;
    out.text = std::move(draft_.text);
    out.model = draft_.model.empty() ? std::move(setup_.model) : std::move(draft_.model);
    out.finish_reason = std::move(draft_.finish_reason);
    out.tool_calls = std::move(draft_.tool_calls);
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
  draft_teller teller_;
  std::optional<error> failure_;
  int skipped_ = 0;
  bool saw_event_ = false;
  bool done_ = false;
};

} // namespace

std::unique_ptr<reply_decoder> make_decoder(decoder_setup setup,
                                            std::unique_ptr<reply_dialect> dialect) {
  return std::make_unique<dialect_decoder>(std::move(setup), std::move(dialect));
}

} // namespace flipsync::providers
