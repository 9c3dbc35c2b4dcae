/// The WebSocket: turns run on it, agents' states come over it, and after a drop it takes the turns up
/// again where their last event was. A turn names its conversation or begins one: on /ws/chat it would go
/// on with the socket's last.

import { call, Problem } from './api.js';
import { key } from './memory.js';

const firstPause = 250; // ms before the first try after a drop
const longestPause = 15_000;
/// A connection that says nothing for so long is asked whether it lives, and then given so long to answer.
const quietFor = 20_000;
const answerWithin = 8_000;

/// A browser cannot send a key with a WebSocket; it brings a ticket, good once.
async function address() {
  const url = new URL('/api/v1/ws/connect', location.href);
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  if (key.value) {
    const { ticket } = await (await call('POST', '/api/v1/ws/ticket', { body: {} })).json();
    url.searchParams.set('ticket', ticket);
  }
  return url;
}

export class Socket {
  #socket = null;
  #runs = new Map();
  #number = 0;
  #failures = 0;
  #timer = 0;
  #quiet = 0;
  #connecting = false;
  #formers = [];
  #isUp = false;

  /// `changed()` when it opens or drops; `onAgents(agents)` with those whose state has changed.
  constructor({ changed, onAgents }) {
    Object.assign(this, { changed, onAgents });
    /// True once a connection was ever made: a later failure is then a drop, not a lack.
    this.everOpen = false;
    /// The service takes no connection with this key. Trying again would ask the user for it each time.
    this.refused = false;
  }

  get open() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /// Connects now, whatever pause was being made.
  wake() {
    if (this.#socket || this.#connecting || this.refused) return;
    clearTimeout(this.#timer);
    this.#connect();
  }

  /// A new key needs a new connection.
  renew() {
    this.#failures = 0;
    this.refused = false;
    if (!this.#socket) return this.wake();
    this.#socket.close(1000);
  }

  /// Says a frame that starts a turn. As Transport.run.
  run(request, onEvent) {
    const run = { id: `m${++this.#number}`, turn: '', seq: 0, onEvent, held: false, stopped: false, resuming: false };
    run.done = new Promise((resolve, reject) => Object.assign(run, { resolve, reject }));
    this.#runs.set(run.id, run);
    this.#say({ type: 'message', id: run.id, ...request });
    return {
      cancel: () => this.#cancel(run),
      held: () => run.held,
      done: run.done,
    };
  }

  async #connect() {
    this.#connecting = true;
    const shown = key.value;
    let url;
    try {
      url = await address();
    } catch (why) {
      const refused = why.status === 401 || why.status === 403;
      return refused && shown === key.value ? this.#refuse() : this.#later();
    } finally {
      this.#connecting = false;
    }
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.addEventListener('open', () => this.#onOpen(socket));
    socket.addEventListener('message', ({ data }) => this.#socket === socket && this.#onFrame(JSON.parse(data)));
    socket.addEventListener('close', () => this.#socket === socket && this.#onClose());
  }

  #refuse() {
    this.refused = true;
    for (const run of this.#runs.values())
      this.#end(run, new Problem({ code: 'connection_lost', detail: 'The connection broke, and the service refuses the key' }));
    this.#leaveFormers();
    this.changed();
  }

  #onOpen(socket) {
    if (this.#socket !== socket) return;
    this.#failures = 0;
    this.everOpen = this.#isUp = true;
    this.#say({ type: 'resume' }); // from now on what drops is held for us
    this.#say({ type: 'subscribe', topics: ['agents'] });
    for (const run of this.#runs.values()) this.#resume(run);
    this.#leaveFormers();
    this.#watch();
    this.changed();
  }

  #resume(run) {
    // Whether the service ever saw the message is not to be known, and it must not be asked twice.
    if (!run.turn)
      return this.#end(run, new Problem({ code: 'connection_lost', detail: 'The connection broke before the service took the message' }));
    run.resuming = true;
    this.#say({ type: 'resume', id: run.id, turn: run.turn, after_seq: run.seq });
    if (run.stopped) this.#sayCancel(run);
  }

  #onClose() {
    const wasOpen = this.#isUp;
    this.#isUp = false;
    this.#socket = null;
    clearTimeout(this.#quiet);
    for (const run of this.#runs.values()) run.held = true;
    this.#later();
    if (wasOpen) this.changed();
  }

  #later() {
    const pause = Math.min(longestPause, firstPause * 2 ** this.#failures);
    this.#failures += 1;
    this.#timer = setTimeout(() => this.wake(), pause * (0.75 + Math.random() / 2));
  }

  #onFrame(frame) {
    this.#watch();
    if (frame.type === 'agents') return this.onAgents(frame.agents);
    const run = this.#runs.get(frame.id);
    if (!run) return;
    if (frame.type === 'error') {
      const { type, id, message, code, ...facts } = frame;
      this.#end(run, new Problem({ detail: message, code: run.held ? 'connection_lost' : code, ...facts }));
      this.#leaveFormers();
    } else if (frame.type === 'resumed') {
      run.held = run.resuming = false;
      this.#leaveFormers();
    } else if (frame.seq !== undefined) {
      this.#onEvent(run, frame);
    }
  }

  #onEvent(run, event) {
    run.turn = event.turn;
    if (event.seq <= run.seq) return;
    if (event.seq > run.seq + 1) return this.#resume(run); // never hand on what has a hole in it
    run.seq = event.seq;
    run.held = false;
    run.onEvent(event);
    if (event.type === 'completed' || event.type === 'failed') this.#end(run);
  }

  #end(run, problem = null) {
    this.#runs.delete(run.id);
    if (problem) run.reject(problem);
    else run.resolve();
  }

  #cancel(run) {
    run.stopped = true;
    if (this.open) return this.#sayCancel(run);
    // For the page it has ended. The service holds it for us: it is ended there as soon as we can say so.
    run.reject(new DOMException('stopped', 'AbortError'));
  }

  #sayCancel(run) {
    // Without its first event the turn has no name yet; whatever else runs in this session was stopped before.
    this.#say({ type: 'cancel', ...(run.turn ? { turn: run.turn } : {}) });
  }

  #say(frame) {
    if (this.open) this.#socket.send(JSON.stringify(frame));
  }

  /// A close ends the turns of a connection, and may overtake what is said on another one: those that were
  /// given up are closed only once the service has said of each turn that it runs on the new one, or not at all.
  #leaveFormers() {
    if ([...this.#runs.values()].some((run) => run.resuming)) return;
    for (const former of this.#formers.splice(0)) former.close();
  }

  /// The network may be gone without a word: whoever is silent for long is asked, and left if there is no
  /// answer.
  #watch() {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => {
      this.#say({ type: 'ping' });
      this.#quiet = setTimeout(() => {
        this.#formers.push(this.#socket);
        this.#onClose();
      }, answerWithin);
    }, quietFor);
  }
}
