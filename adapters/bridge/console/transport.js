/// Runs turns by the best way that this service and network allow: the WebSocket while it is open, else
/// one request with a stream of events each.

import { Socket } from './socket.js';
import { streamTurn } from './sse.js';

export class Transport {
  /// `changed()` when the way changes; `onAgents(agents)` with the agents whose state has changed.
  constructor({ changed, onAgents }) {
    this.socket = new Socket({ changed, onAgents });
  }

  get live() {
    return this.socket.open;
  }

  /// There was a WebSocket and it is being made anew.
  get reconnecting() {
    return this.socket.everOpen && !this.socket.open && !this.socket.refused;
  }

  wake() {
    this.socket.wake();
  }

  renew() {
    this.socket.renew();
  }

  /// {cancel(), held(), done}: `done` resolves with the turn's end and rejects with a Problem or, where
  /// cancel() has ended it here, an AbortError. `held()`: the connection dropped and the turn waits for it.
  run(request, onEvent) {
    return this.live ? this.socket.run(request, onEvent) : this.#runByRequest(request, onEvent);
  }

  #runByRequest(request, onEvent) {
    const leave = new AbortController();
    return {
      cancel: () => leave.abort(),
      held: () => false,
      done: streamTurn(request, onEvent, leave.signal),
    };
  }
}
