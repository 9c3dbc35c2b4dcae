/// What the live side's tables show of agents, providers, models and caches. Pure.

import { bytes, cost, count, ms, percent, words } from './format.js';

const tones = { up: 'good', ok: 'good', closed: 'good', degraded: 'warn', paused: 'warn', restarting: 'warn', half_open: 'warn', down: 'bad', open: 'bad' };
const toneOf = (state) => tones[state] ?? 'none';
/// What is as it should be needs no word.
const stateWord = (state) => (state === 'up' || state === 'ok' ? '' : words(state ?? 'unknown').toLowerCase());
const joined = (facts) => facts.filter(Boolean).join(' · ');
const measured = (value) => (value ? ms(value) : '–');

/// "2 server error, 1 timeout", the most frequent first; empty where nothing failed.
const kindsOf = (failures) =>
  Object.entries(failures).sort(([, a], [, b]) => b - a).map(([kind, times]) => `${count(times)} ${words(kind).toLowerCase()}`).join(', ');

export const agentRow = (agent) => ({
  name: agent.name,
  title: agent.title,
  state: stateWord(agent.state),
  tone: agent.state === 'up' && agent.in_flight > 0 ? 'busy' : toneOf(agent.state),
  cells: [count(agent.in_flight + (agent.queued ?? 0)), agent.turns ? ms(agent.median_ms) : '–', count(agent.turns), count(agent.restarts)],
});

const fine = new Set(['ok', 'none', undefined]);

/// "4 keys: 2 in use, 1 resting, 1 refused"; empty where a provider has but one.
function keysOf(keys = []) {
  const counts = {};
  for (const { state } of keys) counts[state] = (counts[state] ?? 0) + 1;
  return keys.length ? `${count(keys.length)} keys: ${kindsOf(counts)}` : '';
}

/// What is out of use of a provider, where /health has not said so already.
function outOfUse(provider) {
  if (provider.detail) return [provider.detail];
  return [
    provider.key_refused ? 'its key was refused' : '',
    provider.breaker && provider.breaker !== 'closed' ? `breaker ${words(provider.breaker).toLowerCase()}` : '',
    provider.models_out?.length ? `left alone: ${provider.models_out.join(', ')}` : '',
  ];
}

/// A provider from GET /api/v1/providers, or a component of /health named "provider:NAME". `figures` is
/// what providerFigures() has of it.
export function providerRow(provider, figures = { failures: {}, retries: 0 }) {
  const state = provider.state ?? provider.status;
  const kinds = kindsOf(figures.failures);
  const outs = joined(outOfUse(provider));
  const troubled = toneOf(state) === 'good' && (outs !== '' || !fine.has(provider.last_outcome));
  const counted = provider.attempts !== undefined;
  return {
    name: provider.name,
    label: provider.name,
    state: stateWord(state),
    tone: troubled ? 'warn' : toneOf(state),
    detail: joined([
      provider.default_model,
      troubled && !outs ? `last call: ${words(provider.last_outcome).toLowerCase()}` : outs,
      keysOf(provider.keys),
      kinds ? `failed: ${kinds}` : '',
      figures.retries ? `${count(figures.retries)} tried again` : '',
    ]),
    cells: counted
      ? [count(provider.in_flight + provider.waiting), measured(provider.latency_ms.p50), count(provider.attempts), count(provider.failures)]
      : ['–', '–', '–', '–'],
  };
}

const within = (what, figure) => (figure.within95 ? `${what} 95 % within ${ms(figure.within95)}` : '');

/// One of modelFigures().
export function modelRow(model) {
  const kinds = kindsOf(model.failures);
  return {
    name: `${model.provider} ${model.model}`,
    label: model.model,
    cells: [count(model.calls), count(model.failed), measured(model.firstToken.mean), measured(model.total.mean)],
    detail: joined([model.provider, kinds ? `failed: ${kinds}` : '', within('first token', model.firstToken), within('total', model.total)]),
  };
}

/// A row of GET /api/v1/cache.
export function cacheRow(cache) {
  const asked = cache.hits + cache.misses;
  return {
    name: `${cache.class} ${cache.provider ?? ''}`,
    label: words(cache.class),
    cells: [count(cache.hits), asked ? percent(cache.hits / asked) : '–', cache.saved_tokens ? count(cache.saved_tokens) : '–',
      cache.saved_usd ? cost(cache.saved_usd) : '–'],
    detail: joined([
      cache.provider,
      cache.entries ? `${count(cache.entries)} kept, ${bytes(cache.bytes)}` : '',
      cache.saved_ms ? `${ms(cache.saved_ms)} not waited for` : '',
      cache.shared ? `${count(cache.shared)} shared` : '',
      cache.from_second ? `${count(cache.from_second)} from outside` : '',
      cache.evictions ? `${count(cache.evictions)} evicted` : '',
    ]),
  };
}
