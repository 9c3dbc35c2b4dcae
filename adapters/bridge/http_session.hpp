#pragma once
/// One connection's HTTP: bytes in, bytes out, requests strictly one after the other. Knows no
/// socket; runs on one I/O thread.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/bridge/bridge.hpp"
#include "adapters/bridge/door_checks.hpp"
#include "adapters/bridge/http_metrics.hpp"
#include "adapters/bridge/http_parser.hpp"
#include "adapters/bridge/inbox.hpp"
#include "adapters/bridge/response_writer.hpp"
#include "adapters/bridge/routes.hpp"
#include "adapters/bridge/tls/tls_slot.hpp"
#include "adapters/bridge/websocket_upgrade.hpp"
#include "runtime/core/facade.hpp"
#include "runtime/core/turn/idempotency_table.hpp"
#include "runtime/core/wire/json.hpp"

namespace flipsync {

class direct_send;

/// What the sessions of one I/O thread share; outlives them.
struct session_services {
  const bridge_settings& settings;
  facade& runtime;
  access_gate& gate;
  idempotency_table& named_turns; ///< those whose request had an Idempotency-Key
  const tls_slot& tls;            ///< what new connections are encrypted with
  const std::atomic<bool>& draining;
  const std::atomic<std::size_t>& in_flight; ///< connections of the bridge with work
  std::shared_ptr<inbox> completions;
  http_metrics& metrics;
  /// Appends the door's metrics, of all I/O threads.
  std::function<void(std::string&)> door_metrics;
  /// The same as a JSON object.
  std::function<void(std::string&)> door_figures;
  std::uint64_t id_state; ///< request ids are minted from it
};

/// The connection as its session sees it.
class session_host {
public:
  virtual ~session_host() = default;
  /// There may be something to write, or room for the next request.
  virtual void pump() = 0;
  /// Closes at once; nothing more is written.
  virtual void abort() = 0;
  /// The socket, where a response could be sent on it by another thread: nothing else is to be
  /// written, and no other connection has work, so that nobody waits meanwhile; else -1.
  [[nodiscard]] virtual int free_socket() const { return -1; }
  /// The client's address, as text; an IPv6 one by its network of 64 bits.
  [[nodiscard]] virtual std::string peer() const = 0;
};

class http_session {
public:
  using clock = std::chrono::steady_clock;

  http_session(session_services& services, session_host& host);
  ~http_session();
  http_session(const http_session&) = delete;
  http_session& operator=(const http_session&) = delete;

  // The connection's side.

  /// Takes in bytes while no request is in work; returns how many were consumed. Stops early where
  /// a request waits for the runtime or much is to be written.
  std::size_t on_bytes(std::string_view bytes);
  /// Writes what a completion or a stream has brought. Called when all output has been written.
  void advance();
  /// The client sends no more: what runs is cancelled, its answer still goes out.
  void on_eof();
  /// Whether another thread has sent the answer that is waited for, which is still to be counted.
  [[nodiscard]] bool sent() const { return phase_ == phase::waiting && work_->sent(); }
  /// The connection is about to go: nobody else sends on its socket from here on.
  void withdraw();
  /// The connection is gone: what runs is cancelled, nothing goes out.
  void on_lost(std::string_view reason);
  /// A completion of this session has news.
  void on_completion(completion& work);
  /// The connection's buffer is full and the request in it makes no progress.
  void on_stuck();
  /// Looks at the time limits of reading and of quiet streams.
  void on_tick(clock::time_point now);
  /// Turns the client away: the limit of sockets is reached.
  void refuse();

  /// What is to be written; the connection clears it once that is done.
  std::string& output() noexcept { return out_.output(); }
  /// True once the last response is in `output`: to be written, then closed.
  [[nodiscard]] bool finished() const noexcept { return phase_ == phase::finished; }
  /// True while a request is being read, run or answered.
  [[nodiscard]] bool busy() const noexcept {
    return phase_ != phase::idle && phase_ != phase::finished;
  }
  /// True while the runtime works on a request.
  [[nodiscard]] bool waiting() const noexcept { return phase_ == phase::waiting; }
  [[nodiscard]] bool wants_bytes() const noexcept {
    return !held_back_
           && (phase_ == phase::idle || phase_ == phase::header || phase_ == phase::body);
  }

  /// True once the connection is to become a WebSocket, what it was asked before being answered.
  [[nodiscard]] bool upgraded() const noexcept { return phase_ == phase::upgraded; }
  /// Ends the session; the connection goes on without it.
  websocket_upgrade take_upgrade();

  // The handlers' side.

  [[nodiscard]] const http_request& request() const noexcept { return parser_.request(); }
  /// What stands for `{name}` in the route's pattern, percent-decoded.
  [[nodiscard]] std::string parameter(std::string_view name) const {
    return match_.parameter(name);
  }
  /// The query's parameters, as the route declares them.
  [[nodiscard]] const query_values& query() const noexcept { return query_; }
  /// True once the door takes no new work.
  [[nodiscard]] bool draining() const noexcept {
    return services_.draining.load(std::memory_order_relaxed);
  }
  [[nodiscard]] const std::string& request_id() const noexcept { return request_id_; }
  /// The caller's trace context; empty if it sent none or a malformed one.
  [[nodiscard]] std::string_view traceparent() const noexcept;
  session_services& services() noexcept { return services_; }
  /// Whose request it is; not known on routes that are open to everybody.
  [[nodiscard]] const client& sender() const noexcept { return sender_; }
  /// Whether the sender may learn what model calls cost.
  [[nodiscard]] wire::costs costs() const noexcept {
    return sender_.key && sender_.who().who == role::shopper ? wire::costs::withheld
                                                             : wire::costs::told;
  }
  /// A whole line for the head of this request's response.
  void add_header(std::string_view line) { more_headers_ += line; }
  session_host& host() noexcept { return host_; }

  /// A whole response: the head, then the body by whatever is appended to the string, then
  /// end_response.
  std::string& begin_response(int status, std::string_view content_type,
                              std::string_view extra_header = {});
  void end_response();
  /// Lets `to` send the response whose head is 200 and JSON, if the connection is free for it.
  void lend_socket(direct_send& to);
  /// The response has been sent, except for `unsent`.
  void answered(int status, std::string_view unsent);
  /// A problem response; `failed` adds the turn.
  void problem(const error& why, const turn_reply* failed = nullptr) {
    problem_with_status(0, why, {}, failed);
  }
  void problem_with_status(int status, const error& why, std::string_view extra_header = {},
                           const turn_reply* failed = nullptr);

  /// Waits for `work`; its `answer` is called when it is ready. `running` is cancelled if the
  /// client leaves before that.
  void wait_for(std::shared_ptr<completion> work);
  void running(turn started) { turn_ = std::move(started); }
  /// Cancels what `running` was told of, since its answer is of no use any more.
  void stop_work(std::string_view reason);
  /// Has the connection go on as a WebSocket.
  void upgrade(websocket_upgrade to);

  /// The request's body goes into `into` as it comes, then `work` answers. Only by the handler of
  /// an upload.
  void receive(std::shared_ptr<upload> into, std::shared_ptr<completion> work);
  /// The body is read and dropped, then this is the answer.
  void refuse_body(error why);
  /// 204.
  void no_content();

  /// A response without a known length. Each piece goes out as one chunk.
  void begin_stream();
  void stream_piece(std::string_view piece);
  void end_stream();
  [[nodiscard]] bool streaming() const noexcept { return streaming_; }

private:
  enum class phase : std::uint8_t {
    idle,
    header,
    body,
    waiting,  ///< for `work_`
    upgraded, ///< goes on as a WebSocket
    finished, ///< closes once `out_` is written
  };

  void begin_request();
  /// False where the connection must not go on reading.
  bool on_header();
  std::optional<refusal> check_header();
  std::optional<refusal> check_access();
  void answer_preflight();
  std::optional<error> read_query();
  [[nodiscard]] std::optional<refusal> check_body() const;
  /// The request is too large, by its own word.
  [[nodiscard]] bool too_large() const;
  /// False as well for what no route takes: a refusal, a preflight.
  [[nodiscard]] bool takes_upload() const noexcept;
  /// Hands on or drops what has come of an upload.
  void move_body();
  void drop_upload();
  void on_request();
  void fail_reading(int status, std::string why);
  void take_ids();
  /// Views into this session; and the connection ends with the response where the door drains.
  response_head head(int status, std::string_view content_type, std::string_view extra_header);
  void finish_request();
  void cancel_work(std::string_view reason);

  session_services& services_;
  session_host& host_;
  http_parser parser_;
  phase phase_ = phase::idle;
  bool keep_ = true; ///< the connection goes on after this response
  bool eof_ = false;
  bool streaming_ = false;
  int status_ = 0;    ///< of the response being written
  route_match match_; ///< views into the request's target
  query_values query_;
  std::optional<refusal> refusal_;
  client sender_;
  std::string more_headers_; ///< of this request's response
  std::unique_ptr<websocket_upgrade> upgrade_;
  std::string request_id_;
  response_writer out_;
  clock::time_point since_; ///< the request's first byte, or the end of the last response
  clock::time_point heard_; ///< when an upload last brought something
  clock::time_point spoke_; ///< when a stream last said something
  bool fresh_ = true;       ///< no byte has come yet
  std::shared_ptr<completion> work_;
  turn turn_;
  std::shared_ptr<upload> upload_;
  bool held_back_ = false; ///< the upload takes no more for now
};

} // namespace flipsync
