#pragma once
/// How runtime threads hand finished work to the I/O thread that owns its connection.

#include "adapters/bridge/handover.hpp"

namespace flipsync {

class http_session;

/// Work that a session waits for. Made and answered on the I/O thread; completed on any thread.
class completion {
public:
  virtual ~completion() = default;
  /// Whether there is something to answer. I/O thread.
  [[nodiscard]] virtual bool ready() = 0;
  /// Whether the connection must be closed although output is still unwritten. I/O thread.
  [[nodiscard]] virtual bool hopeless() { return false; }
  /// Writes what there is into the session's response. I/O thread.
  virtual void answer(http_session& session) = 0;
  /// The connection ends: nothing may use its socket any more. I/O thread.
  virtual void withdraw() {}
  /// Whether the client has its answer already, so that its leaving ends nothing. I/O thread.
  [[nodiscard]] virtual bool sent() const { return false; }

  /// Who waits; cleared when it waits no more. Only touched on the I/O thread.
  http_session* owner = nullptr;
};

using inbox = handover<completion>;

} // namespace flipsync
