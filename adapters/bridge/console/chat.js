/// The conversation: its turns, what may be done now, and its memory over a reload.

import { byId } from './dom.js';
import { choices, conversation } from './memory.js';
import { apply, breakOff, isRunning, newTurn } from './turn.js';
import { TurnView } from './turn_view.js';

/// Closer to the end than this counts as being there, px.
const nearEnd = 48;
/// Free space above the newest turn, px.
const aboveTurn = 14;

/// Keeps the newest turn in view: its question stays at the top while the answer grows, so that one reads
/// from the beginning. A reader who goes to the end stays there; one who scrolls up is left alone.
class Follower {
  #anchor = null;
  #toEnd = true;
  #following = true;

  constructor(log, button) {
    this.log = log;
    this.button = button;
    log.addEventListener('scroll', () => this.#onScroll(), { passive: true });
    button.addEventListener('click', () => {
      this.#toEnd = this.#following = true;
      this.settle();
    });
    const settled = new ResizeObserver(() => this.settle());
    settled.observe(log.lastElementChild);
    settled.observe(log);
  }

  /// Follows this turn; without one, the end.
  follow(element = null) {
    this.#anchor = element;
    this.#toEnd = element === null;
    this.#following = true;
    this.settle();
  }

  settle() {
    if (this.#following) this.log.scrollTop = this.#target;
    this.button.hidden = this.#end - this.log.scrollTop < nearEnd;
  }

  get #end() {
    return this.log.scrollHeight - this.log.clientHeight;
  }

  get #target() {
    return this.#toEnd ? this.#end : Math.min(this.#end, this.#anchor.offsetTop - aboveTurn);
  }

  #onScroll() {
    const at = this.log.scrollTop;
    if (this.#end - at < nearEnd) this.#toEnd ||= this.#end - this.#target > nearEnd;
    else this.#toEnd = this.#anchor === null;
    this.#following = Math.abs(at - this.#target) < nearEnd;
    this.button.hidden = this.#end - at < nearEnd;
  }
}

export class Chat {
  #views = [];
  #running = null;
  #frame = 0;

  /// `transport.run(request, onEvent)` → {cancel(), done}; `changed()` is told when a turn starts or ends.
  constructor(transport, { changed, speak }) {
    this.transport = transport;
    this.changed = changed;
    this.speak = speak;
    this.list = byId('turns');
    this.follower = new Follower(byId('log'), byId('latest'));
    // What has come of an answer that is left in its middle.
    window.addEventListener('pagehide', () => this.busy && this.#keep());
  }

  get busy() {
    return this.#running !== null;
  }

  get isEmpty() {
    return this.#views.length === 0;
  }

  get lastMessage() {
    return this.#views.at(-1)?.turn.message ?? '';
  }

  /// What the tab still knows of its conversation.
  restore(turns = conversation.turns) {
    for (const turn of turns) {
      breakOff(turn, 'lost', { code: 'connection_lost', message: 'The page was left before the answer was whole' });
      this.#add(turn, turn === turns.at(-1) && this.#detailsWanted);
    }
    this.follower.follow();
    this.changed();
  }

  /// Goes on with a conversation that the service has kept.
  show(id, turns) {
    this.forget();
    conversation.begin(id);
    conversation.keep(turns);
    this.restore(turns);
  }

  async send({ message, audience, agent }) {
    if (this.busy) return;
    this.#views.at(-1)?.close();
    const turn = newTurn({ message, audience, agent });
    const began = performance.now();
    const view = this.#add(turn, this.#detailsWanted);
    const request = { message, audience };
    if (agent) request.agent = agent;
    if (conversation.id) request.conversation_id = conversation.id;
    const run = this.transport.run(request, (event) => this.#onEvent(turn, event));
    const running = { turn, view, began, run };
    this.#running = running;
    this.#keep();
    this.follower.follow(view.element);
    this.changed();
    this.speak('Working on it.');
    this.#tick();
    try {
      await run.done;
    } catch (why) {
      this.#fail(turn, why);
    }
    // A conversation that was left meanwhile stays left.
    if (this.#running === running) this.#finish();
  }

  stop() {
    this.#running?.run.cancel();
  }

  forget() {
    this.stop();
    cancelAnimationFrame(this.#frame);
    this.#running = null;
    conversation.forget();
    this.#views = [];
    this.list.replaceChildren();
    this.changed();
  }

  /// Open on a wide screen, until the user has chosen.
  get #detailsWanted() {
    return choices.get('details', window.innerWidth >= 700);
  }

  #add(turn, open) {
    const view = new TurnView(turn, {
      pick: (text) => this.onPick(text),
      retry: () => this.onRetry(turn),
      toggled: (isOpen) => choices.set('details', isOpen),
    }, open);
    this.#views.push(view);
    this.list.append(view.element);
    return view;
  }

  #keep() {
    conversation.keep(this.#views.map((each) => each.turn));
  }

  #onEvent(turn, event) {
    if (!apply(turn, event)) return;
    if (this.#running?.turn !== turn) return;
    if (event.type === 'turn_started' && turn.conversation) conversation.begin(turn.conversation);
  }

  #fail(turn, why) {
    if (why.name === 'AbortError')
      return breakOff(turn, 'stopped', { code: 'cancelled', message: 'You stopped this answer' });
    const lost = why.code === 'connection_lost';
    breakOff(turn, lost ? 'lost' : 'failed', {
      code: why.code ?? 'internal', message: why.message, requestId: why.requestId,
      retryAfterMs: why.retryAfterMs, facts: why.facts ?? {},
    });
  }

  #finish() {
    cancelAnimationFrame(this.#frame);
    const { turn, view, began } = this.#running;
    this.#running = null;
    view.update(performance.now() - began, false);
    this.#keep();
    this.follower.settle();
    this.speak(turn.phase === 'done' ? `${turn.agent} answered: ${turn.text}` : `No whole answer: ${turn.error?.message ?? turn.phase}`);
    this.changed();
  }

  /// Once a frame while a turn runs: however many tokens came, the page is laid out once.
  #tick() {
    if (!this.#running) return;
    const { view, began, turn, run } = this.#running;
    if (isRunning(turn)) view.update(performance.now() - began, run.held?.() ?? false);
    this.#frame = requestAnimationFrame(() => this.#tick());
  }
}
