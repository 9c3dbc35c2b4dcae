#pragma once
/// A client's session as its connection sees it, and the connection as its session sees it: frames
/// and nothing of sockets. Included by doors; no CAF.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/core/types/error.hpp"
#include "runtime/core/types/turn_request.hpp"

namespace flipsync {

/// Why a connection is closed: the codes of RFC 6455, 7.4.
enum class close_code : std::uint16_t {
  none = 0,
  normal = 1000,
  going_away = 1001,   ///< the service is stopping
  protocol = 1002,     ///< what came is not WebSocket
  unsupported = 1003,  ///< a binary frame
  invalid_text = 1007, ///< text that is not UTF-8
  policy = 1008,       ///< a rate limit
  too_big = 1009,      ///< a frame over the limit
  internal = 1011,     ///< a fault of ours
  overloaded = 1013,   ///< try again later
};

/// How a connection ended.
enum class session_end : std::uint8_t {
  left,    ///< the client said so, or broke the rules: its turns are cancelled at once
  dropped, ///< without a word, or cut off: turns are held if the session asked for it
};

/// Who a session is for and what it may do; set by the door, never by the client's frames.
struct session_options {
  std::string tenant = "default";
  /// The role of the credential; `any` may reach both rosters.
  audience who = audience::any;
  /// Every message belongs to this conversation; empty: the message says, or begins one.
  std::string conversation_id;
  /// Messages that name no conversation go on with the session's last one.
  bool one_conversation = false;
  /// The client asked to be able to resume after a drop.
  bool resumable = false;
  std::string request_id;
  std::string traceparent;
  /// Lets each message in: may change the request, and gives what is held until the turn's end.
  /// rate_limited closes the session with 1008, any other error refuses the message. Null: all are
  /// let in. Called on a thread of the runtime; must not block.
  std::function<result<std::shared_ptr<void>>(turn_request&)> admit_message;
};

/// What a session wants of its connection.
struct session_output {
  std::vector<std::string> frames;     ///< text frames to send, in order
  bool ping = false;                   ///< send a ping
  close_code close = close_code::none; ///< after the frames: close with this code
  std::string reason;                  ///< of the close, at most 120 bytes
};

/// The connection. Called by the session, from any thread; must not block, and must not call back.
class session_port {
public:
  virtual ~session_port() = default;
  /// There is something to take, room to read on, or the connection is cut off. Called once until
  /// `take` has been called, once more when the session begins to lag, and once more for a cut.
  virtual void wake() = 0;
};

/// The session. Its connection calls it, from one thread at a time; no call blocks.
class session {
public:
  virtual ~session() = default;
  /// A whole text frame of valid UTF-8 has come in.
  virtual void frame(std::string text) = 0;
  /// Whether the client may be read from; if not, `wake` says when.
  [[nodiscard]] virtual bool may_read() const noexcept = 0;
  /// The client gave a sign of life: a frame, a ping or a pong.
  virtual void heard() noexcept = 0;
  /// Whether the connection is to be closed at once, whatever is unsent. To be asked at each wake.
  [[nodiscard]] virtual bool cut_off() const noexcept = 0;
  /// Whether more waits than may for a client that takes nothing
  /// (session_settings::max_buffered): one whose socket has no room is to be cut off. One whose
  /// socket has room does read, and it is we who are behind.
  [[nodiscard]] virtual bool lags() const noexcept = 0;
  /// What is to be done now; to be called again once it has been done. A close is told once.
  virtual session_output take() = 0;
  /// The connection is gone, or has begun to close. Cancels what nobody waits for any more before
  /// it returns. No effect twice.
  virtual void closed(session_end how) = 0;
  /// The service is stopping: no further turn is begun, and once the running ones have ended the
  /// connection is closed with 1001. No effect twice.
  virtual void drain() = 0;
};

} // namespace flipsync
