/// The pieces of an answer that are not its text: product cards, quick replies, the route, facts, an error.

import { el } from './dom.js';
import { money, ms, percent, words } from './format.js';
import { turnCost } from './spend.js';

export function productCards(products) {
  return products.map((product) =>
    el('li', { class: 'card' },
      el('p', { class: 'card-title' }, product.title),
      el('p', { class: 'card-line' },
        el('strong', { class: 'price' }, money(product.price)),
        el('span', { class: 'stock', 'data-in-stock': String(product.in_stock) }, product.in_stock ? 'In stock' : 'Sold out')),
      product.pitch ? el('p', { class: 'pitch' }, product.pitch) : null,
      el('p', { class: 'card-foot' },
        [product.brand, product.category].filter(Boolean).join(' · '), ' ', el('code', {}, product.sku))));
}

export const quickReplies = (replies, onPick) =>
  replies.map((text) => el('button', { type: 'button', class: 'reply', on: { click: () => onPick(text) } }, text));

const reasons = {
  explicit: 'asked for by name',
  pinned: 'this conversation is pinned to it',
  matched: 'by what the message says',
  kept: 'the conversation stays with it',
  default: 'nothing pointed elsewhere',
};

/// Why this agent: what matched, how sure, and who else was in question.
export function routeLine(agent, route) {
  if (!route) return [];
  const chips = route.matched.map((word) => el('span', { class: 'chip' }, word));
  const others = route.runners_up.map((other) =>
    el('span', { class: 'runner' }, `${words(other.agent)} ${percent(other.score)}`));
  return [
    el('dt', {}, 'Route'),
    el('dd', {}, el('strong', {}, words(agent)), ` ${percent(route.score)}`,
      route.reason ? `, ${reasons[route.reason] ?? route.reason}` : ''),
    ...(chips.length ? [el('dt', {}, 'Matched'), el('dd', { class: 'chips' }, ...chips)] : []),
    ...(others.length ? [el('dt', {}, 'Runners-up'), el('dd', { class: 'chips' }, ...others)] : []),
  ];
}

export function timingLine(reply) {
  if (!reply?.timings) return [];
  const { queue, route, first_token: first, total } = reply.timings;
  const pieces = [`queue ${ms(queue)}`, `route ${ms(route)}`];
  if (first) pieces.push(`first token ${ms(first)}`);
  pieces.push(`total ${ms(total)}`);
  return [el('dt', {}, 'Time'), el('dd', {}, pieces.join(' · '))];
}

/// Shown to who may see costs: see `costs` in live.js.
export function costLine(reply) {
  const text = turnCost(reply?.usage);
  return text ? [el('dt', { class: 'cost' }, 'Cost'), el('dd', { class: 'cost' }, text)] : [];
}

export const factList = (facts) => facts.map((fact) => el('li', {}, fact));

const advice = {
  unreachable: 'Is it running, and is the network there?',
  connection_lost: 'What arrived is shown above; it is not a whole answer.',
  cancelled: 'What arrived is shown above; it is not a whole answer.',
  overloaded: 'It is at its limit and says so instead of making you wait.',
  deadline_exceeded: 'The turn took longer than it was given.',
  provider_unavailable: 'Is the model provider running, and is its address right?',
  unauthorized: 'The service wants an API key.',
};

const told = new Set(['code', 'message', 'retry_after_ms', 'turn', 'conversation_id', 'agent', 'parts', 'type', 'status']);

/// An error as it is: code, message, the facts beside it, and a way to try again.
/// `error` is {code, message, requestId?, retryAfterMs?, facts?} or the error object of a reply.
export function problemBox(error, stopped, onRetry) {
  const facts = Object.entries(error.facts ?? error)
    .filter(([name, value]) => !told.has(name) && (typeof value === 'string' || typeof value === 'number'));
  const retryAfter = error.retryAfterMs ?? error.retry_after_ms;
  const title = stopped ? 'Stopped' : error.message.charAt(0).toUpperCase() + error.message.slice(1);
  return el('div', { class: 'problem', 'data-kind': stopped ? 'stopped' : 'failed' },
    el('p', { class: 'problem-title' }, title, ' ', el('code', {}, error.code)),
    advice[error.code] ? el('p', { class: 'problem-text' }, advice[error.code]) : null,
    facts.length ? el('dl', { class: 'facts-of-problem' },
      ...facts.flatMap(([name, value]) => [el('dt', {}, words(name.replace(/^detail_/, ''))), el('dd', {}, String(value))])) : null,
    retryAfter ? el('p', { class: 'problem-text' }, `It asks to be left alone for ${ms(retryAfter)}.`) : null,
    error.requestId ? el('p', { class: 'problem-foot' }, 'Request ', el('code', {}, error.requestId)) : null,
    onRetry ? el('button', { type: 'button', class: 'quiet', on: { click: onRetry } }, 'Try again') : null);
}
