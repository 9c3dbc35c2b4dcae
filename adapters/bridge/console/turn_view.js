/// One turn on the page: the question, the answer as it grows, and how it came about.

import { costLine, factList, problemBox, productCards, quickReplies, routeLine, timingLine } from './answer.js';
import { el, setAttribute, setText } from './dom.js';
import { moment, ms, words } from './format.js';
import { showProse } from './prose.js';
import { createTimeline } from './timeline.js';
import { isRunning } from './turn.js';

const labels = {
  sending: 'sending', running: 'working', done: 'ok', failed: 'failed', stopped: 'stopped', lost: 'incomplete',
};

function statusOf(turn) {
  return turn.phase === 'done' ? turn.reply?.status ?? 'ok' : labels[turn.phase];
}

function waitingText(turn, elapsed, held) {
  if (held) return 'The connection broke; taking the answer up again…';
  if (turn.phase === 'sending') return elapsed > 700 ? 'Waiting for the service…' : 'Sending…';
  if (turn.progress) {
    const { waitingFor, typical } = turn.progress;
    return `Waiting for ${words(waitingFor).toLowerCase()}, ${ms(elapsed)} so far${typical ? `, typically ${ms(typical)}` : ''}`;
  }
  if (!turn.agent) return 'Choosing an agent…';
  return `${words(turn.agent)} is working…`;
}

function metaOf(turn, elapsed) {
  const answered = turn.parts.find((part) => part.report?.provider)?.report;
  const total = turn.reply?.timings?.total ?? (isRunning(turn) ? elapsed : null);
  return [
    answered ? `${answered.provider} ${answered.model}`.trim() : '',
    total !== null ? ms(total) : '',
    turn.reply?.at ? moment(new Date(turn.reply.at)) : '',
    turn.reply?.cached ? 'from the cache' : '',
    turn.reply?.finish_reason === 'length' ? 'cut off by its length' : '',
  ].filter(Boolean).join(' · ');
}

/// `actions`: pick(text) for a quick reply, retry(turn), toggled(open) for the details.
export class TurnView {
  constructor(turn, actions, open) {
    this.turn = turn;
    this.actions = actions;
    this.agent = el('span', { class: 'agent' });
    this.status = el('span', { class: 'status' });
    this.meta = el('span', { class: 'meta' });
    this.waiting = el('p', { class: 'waiting' });
    this.notice = el('p', { class: 'notice', hidden: true });
    this.prose = el('div', { class: 'prose' });
    this.end = el('div', { class: 'answer-end' });
    this.route = el('dl', { class: 'route' });
    this.facts = el('details', { class: 'facts', hidden: true });
    this.timeline = createTimeline();
    this.how = el('details', { class: 'how', open },
      el('summary', { on: { click: () => actions.toggled(!this.how.open) } }, 'How this was answered'),
      this.route, this.timeline.element, this.facts);
    this.answer = el('article', { class: 'answer', 'aria-label': 'Answer' },
      el('header', { class: 'answer-head' }, this.agent, this.status, this.meta),
      this.waiting, this.notice, this.prose, this.end, this.how);
    this.element = el('li', { class: 'turn' },
      el('div', { class: 'asked' }, el('p', {}, turn.message)), this.answer);
    this.update(0, false);
  }

  /// `elapsed` ms by the page's clock; `held` while the connection is being made anew.
  update(elapsed, held) {
    const { turn } = this;
    const running = isRunning(turn);
    const status = statusOf(turn);
    setAttribute(this.answer, 'aria-busy', running ? 'true' : null);
    setText(this.agent, turn.agent ? words(turn.agent) : 'FlipSync');
    setText(this.status, words(status));
    setAttribute(this.status, 'data-status', status);
    setText(this.meta, metaOf(turn, elapsed));
    // The text itself shows that something comes.
    this.waiting.hidden = !running || (turn.text !== '' && !held);
    if (running) setText(this.waiting, waitingText(turn, elapsed, held));
    this.notice.hidden = !turn.restarted;
    if (turn.restarted) setText(this.notice, `Begun anew: ${turn.restarted}`);
    if (this.shown !== turn.text) showProse(this.prose, turn.text);
    this.shown = turn.text;
    this.timeline.update(turn, elapsed);
    if (this.routed !== turn.route) this.route.replaceChildren(...routeLine(turn.agent, turn.route));
    this.routed = turn.route;
    if (!running && !this.ended) this.showEnd();
    this.how.hidden = !turn.route && turn.parts.length === 0;
  }

  showEnd() {
    this.ended = true;
    const { turn } = this;
    const { reply } = turn;
    const pieces = [];
    if (turn.error) {
      const stopped = turn.phase === 'stopped';
      pieces.push(problemBox(turn.error, stopped, () => this.actions.retry(turn)));
    }
    if (reply?.products?.length)
      pieces.push(el('ul', { class: 'cards', 'aria-label': 'Products' }, ...productCards(reply.products)));
    if (reply?.shown?.length)
      pieces.push(el('p', { class: 'meta' }, `Showed ${reply.shown.join(', ')}`));
    if (reply?.quick_replies?.length)
      pieces.push(el('div', { class: 'replies', role: 'group', 'aria-label': 'Quick replies' },
        ...quickReplies(reply.quick_replies, this.actions.pick)));
    this.end.replaceChildren(...pieces);
    this.route.replaceChildren(...routeLine(turn.agent, turn.route), ...timingLine(reply), ...costLine(reply));
    this.facts.hidden = !reply?.facts?.length;
    if (reply?.facts?.length)
      this.facts.replaceChildren(
        el('summary', {}, `Facts the answer rests on (${reply.facts.length})`), el('ul', {}, ...factList(reply.facts)));
  }

  close() {
    this.how.open = false;
  }
}
