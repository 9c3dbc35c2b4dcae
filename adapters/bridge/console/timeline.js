/// Each part of a turn as a bar on the turn's own axis of time.

import { el, setAttribute, setText } from './dom.js';
import { cost, ms, words } from './format.js';
import { isRunning, spanOf } from './turn.js';

/// A bar stays visible and can be pointed at, however short its part was.
const shortestBar = 0.8; // percent of the axis

function attemptText(attempt) {
  const outcome = attempt.outcome === 'ok' ? 'ok' : words(attempt.outcome).toLowerCase();
  const reason = attempt.reason ? ` (${attempt.reason})` : '';
  return `${attempt.provider} ${attempt.model}, ${ms(attempt.ms)}: ${outcome}${reason}`;
}

function noteOf(part) {
  const report = part.report;
  if (!report) return 'running';
  const pieces = [];
  if (report.status !== 'ok') pieces.push(words(report.status).toLowerCase());
  if (report.error) pieces.push(report.error.message);
  if (report.provider) pieces.push(`${report.provider} ${report.model}`.trim());
  if (report.tokens?.in || report.tokens?.out) pieces.push(`${report.tokens.in} → ${report.tokens.out} tokens`);
  return pieces.join(' · ') || 'ok';
}

function costOf(report) {
  const pieces = [];
  if (report?.cost_usd) pieces.push(cost(report.cost_usd));
  if (report?.wasted_usd) pieces.push(`${cost(report.wasted_usd)} wasted`);
  if (report?.saved_usd) pieces.push(`${cost(report.saved_usd)} saved`);
  return pieces.map((piece) => ` · ${piece}`).join('');
}

/// Attempts are worth a line each where the first one was not the answer.
const attemptsWorthTelling = (report) =>
  report && (report.attempts.length > 1 || report.attempts.some((a) => a.outcome !== 'ok')) ? report.attempts : [];

class Row {
  constructor(name) {
    this.fill = el('span', { class: 'fill' });
    this.track = el('span', { class: 'track', role: 'img' }, this.fill);
    this.time = el('span', { class: 'part-time' });
    this.note = el('span', { class: 'part-note-text' });
    this.cost = el('span', { class: 'cost' });
    this.attempts = el('ul', { class: 'attempts', hidden: true });
    this.name = el('span', { class: 'part-name' }, words(name));
    this.element = el('li', { class: 'part' }, this.name, this.track, this.time,
      el('span', { class: 'part-note' }, this.note, this.cost), this.attempts);
  }

  update(part, span, elapsed, running) {
    const status = part.report?.status ?? (running ? 'running' : 'cancelled');
    const end = part.end ?? Math.max(part.start, running ? elapsed : part.start);
    const left = Math.min(100 - shortestBar, (part.start / span) * 100);
    const width = Math.min(100 - left, Math.max(shortestBar, ((end - part.start) / span) * 100));
    setAttribute(this.element, 'data-status', status);
    this.fill.style.left = `${left.toFixed(2)}%`;
    this.fill.style.width = `${width.toFixed(2)}%`;
    setText(this.time, part.report || running ? ms(end - part.start) : '–');
    if (this.report === part.report && this.status === status) return;
    this.report = part.report;
    this.status = status;
    const note = part.report ? noteOf(part) : status;
    setText(this.note, note);
    setAttribute(this.note, 'title', note);
    setText(this.cost, costOf(part.report));
    setAttribute(this.name, 'title', part.report?.required ? 'required: without it there is no answer' : null);
    setAttribute(this.track, 'aria-label', part.report
      ? `${words(part.name)}: from ${ms(part.start)} to ${ms(end)}, ${words(status)}` : `${words(part.name)}: running`);
    const attempts = attemptsWorthTelling(part.report);
    this.attempts.hidden = attempts.length === 0;
    this.attempts.replaceChildren(...attempts.map((a) => el('li', {}, attemptText(a))));
  }
}

/// {element, update(turn, elapsed)}; `elapsed` is how long the turn has run by the page's clock, ms.
export function createTimeline() {
  const rows = new Map();
  const list = el('ol', { class: 'parts', 'aria-label': 'Parts of this turn' });
  const last = el('span', { class: 'axis-end' });
  const first = el('span', { class: 'axis-mark', hidden: true });
  const axis = el('div', { class: 'axis', 'aria-hidden': 'true' }, el('span', {}, '0'), first, last);
  const element = el('div', { class: 'timeline' }, list, axis);

  function update(turn, elapsed = 0) {
    const running = isRunning(turn);
    const span = spanOf(turn, elapsed);
    for (const part of turn.parts) {
      if (!rows.has(part.name)) {
        rows.set(part.name, new Row(part.name));
        list.append(rows.get(part.name).element);
      }
      rows.get(part.name).update(part, span, elapsed, running);
    }
    setText(last, ms(span));
    const token = turn.reply?.timings?.first_token;
    first.hidden = !token;
    if (token) {
      const at = (token / span) * 100;
      first.style.left = `${Math.min(at, 100).toFixed(2)}%`;
      // Near the end the two labels would stand on each other.
      setText(first, at > 15 && at < 75 ? `first token ${ms(token)}` : '');
    }
    element.hidden = turn.parts.length === 0;
  }

  return { element, update };
}
