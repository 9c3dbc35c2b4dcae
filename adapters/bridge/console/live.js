/// The live side: agents, providers, and how the service is doing.

import { createChart } from './chart.js';
import { byId, el, setAttribute, setText } from './dom.js';
import { bytes, count, duration, ms, percent, rate, words } from './format.js';
import { readMetrics } from './metrics.js';
import { Poll } from './poll.js';

/// A table whose rows are kept by name, so that an update moves nothing and keeps the focus.
class Table {
  #rows = new Map();

  constructor(label, columns) {
    this.body = el('tbody');
    this.note = el('p', { class: 'panel-note' }, 'Loading…');
    this.table = el('table', { 'aria-label': label, hidden: true },
      el('thead', {}, el('tr', {}, ...columns.map((column, i) => el('th', { scope: 'col', class: i ? 'number' : null }, column)))), this.body);
    this.element = el('div', {}, this.table, this.note);
  }

  /// `rows`: [{name, title, state, tone, cells}]; those no longer named go.
  show(rows) {
    for (const row of rows) this.#row(row);
    for (const [name, kept] of this.#rows) {
      if (rows.some((row) => row.name === name)) continue;
      kept.tr.remove();
      this.#rows.delete(name);
    }
    this.table.hidden = rows.length === 0;
    this.say(rows.length === 0 ? 'None.' : '');
  }

  say(text) {
    setText(this.note, text);
    this.note.hidden = text === '';
  }

  #row({ name, label, title, state, tone, cells, detail }) {
    let kept = this.#rows.get(name);
    if (!kept) {
      const dot = el('span', { class: 'dot', 'aria-hidden': 'true' });
      const stateText = el('span', { class: 'row-state' });
      const detailText = el('span', { class: 'row-detail' });
      const head = el('th', { scope: 'row' }, dot, el('span', { class: 'row-name' }, label ?? words(name)), ' ', stateText, detailText);
      const tds = cells.map(() => el('td', { class: 'number' }));
      kept = { tr: el('tr', {}, head, ...tds), head, stateText, detailText, tds };
      this.#rows.set(name, kept);
      this.body.append(kept.tr);
    }
    setAttribute(kept.tr, 'data-tone', tone);
    setAttribute(kept.head, 'title', title);
    setText(kept.stateText, state);
    setText(kept.detailText, detail ?? '');
    cells.forEach((cell, i) => setText(kept.tds[i], cell));
  }
}

const tones = { up: 'good', ok: 'good', closed: 'good', degraded: 'warn', paused: 'warn', restarting: 'warn', half_open: 'warn', down: 'bad', open: 'bad' };
const toneOf = (state) => tones[state] ?? 'none';
/// What is as it should be needs no word.
const stateWord = (state) => (state === 'up' || state === 'ok' ? '' : words(state ?? 'unknown').toLowerCase());

function panel(title, ...content) {
  return el('section', { class: 'panel' }, el('h2', {}, title), ...content);
}

function createTiles(names) {
  const values = names.map(() => el('dd', {}, '–'));
  const element = el('dl', { class: 'tiles' }, ...names.map((name, i) => el('div', {}, el('dt', {}, name), values[i])));
  return { element, show: (texts) => texts.forEach((text, i) => setText(values[i], text)) };
}

const agentRow = (agent) => ({
  name: agent.name,
  title: agent.title,
  state: stateWord(agent.state),
  tone: agent.state === 'up' && agent.in_flight > 0 ? 'busy' : toneOf(agent.state),
  cells: [count(agent.in_flight + (agent.queued ?? 0)), agent.turns ? ms(agent.median_ms) : '–', count(agent.turns), count(agent.restarts)],
});

/// A provider from GET /api/v1/providers, or a component of /health named "provider:NAME".
function providerRow(provider) {
  const state = provider.status ?? provider.state ?? 'unknown';
  const p50 = provider.p50_ms ?? provider.latency?.p50_ms ?? provider.latency_ms?.p50;
  const facts = [
    provider.breaker && provider.breaker !== 'closed' ? `breaker ${words(provider.breaker).toLowerCase()}` : '',
    provider.detail ?? '',
    Array.isArray(provider.models) ? provider.models.map((m) => m.name ?? m.id ?? m).join(', ') : provider.model ?? '',
  ];
  return {
    name: provider.name,
    label: provider.name,
    state: stateWord(state),
    tone: toneOf(state),
    detail: facts.filter(Boolean).join(' · '),
    cells: [Number.isFinite(p50) ? ms(p50) : ''],
  };
}

export class Live {
  /// `reached(problem or null)` hears whether the service answered; `agentsChanged(agents)` the roster.
  /// `pushed()` says whether agents' states come by themselves.
  constructor({ reached, agentsChanged, pushed }) {
    this.agents = new Table('Agents', ['Agent', 'Busy', 'Median', 'Turns', 'Restarts']);
    this.providers = new Table('Model providers', ['Provider', 'p50']);
    this.tiles = createTiles(['Up', 'In flight', 'Requests', 'Errors', 'Sockets', 'Memory']);
    this.latency = createChart({ title: 'Latency of turns', series: ['p50', 'p95'], show: ms });
    this.hits = createChart({ title: 'Cache hit rate', series: [''], show: percent, top: 1 });
    this.version = el('p', { class: 'panel-note' });
    this.metricsNote = el('p', { class: 'panel-note', hidden: true });
    byId('live').append(
      panel('Service', this.tiles.element, this.latency.element, this.hits.element, this.metricsNote),
      panel('Agents', this.agents.element), panel('Providers', this.providers.element), this.version);
    this.agentsChanged = agentsChanged;
    this.pushed = pushed;
    this.polls = this.#createPolls(reached);
    document.addEventListener('visibilitychange', () => this.wake());
  }

  get visible() {
    return document.visibilityState === 'visible';
  }

  /// On a narrow screen the live side may be hidden behind the chat.
  get shown() {
    return this.visible && byId('live').offsetParent !== null;
  }

  wake() {
    for (const poll of Object.values(this.polls)) poll.wake();
  }

  /// After a new key or a lost connection.
  retry() {
    for (const poll of Object.values(this.polls)) poll.retry();
  }

  /// Agents whose state has changed, by the WebSocket; the first time all of them.
  mergeAgents(changed) {
    const kept = this.roster ?? [];
    const merged = kept.map((agent) => changed.find(({ name }) => name === agent.name) ?? agent);
    this.#showAgents([...merged, ...changed.filter(({ name }) => !kept.some((agent) => agent.name === name))]);
  }

  #showAgents(roster) {
    this.roster = roster;
    this.agents.show(roster.map(agentRow));
    this.agentsChanged(roster);
  }

  #createPolls(reached) {
    const shown = () => this.shown;
    const missing = (table, what) => (problem) => {
      if (!problem.unreachable) table.say(problem.missing ? `This service does not offer ${what}.` : problem.message);
      else table.say('No answer.');
    };
    return {
      health: new Poll('/health', 4000, {
        wanted: () => this.visible,
        onData: (report) => this.#health(report, reached),
        onProblem: (problem) => reached(problem, null),
      }),
      agents: new Poll('/api/v1/agents', 2000, {
        // The chat needs the roster once, even where the table is hidden.
        wanted: () => !this.roster || (this.shown && !this.pushed()),
        onData: ({ agents }) => this.#showAgents(agents),
        onProblem: missing(this.agents, 'a list of agents'),
      }),
      providers: new Poll('/api/v1/providers', 5000, {
        wanted: shown,
        onData: (found) => {
          this.hasProviders = true;
          this.providers.show((found.providers ?? found).map(providerRow));
        },
        onProblem: (problem) => {
          if (!problem.missing) missing(this.providers, 'providers')(problem);
        },
      }),
      metrics: new Poll('/api/v1/metrics', 2000, {
        wanted: shown,
        onData: (found) => this.#metrics(readMetrics(found)),
        onProblem: (problem) => {
          this.metricsNote.hidden = false;
          setText(this.metricsNote, problem.missing ? 'This service does not offer its metrics as JSON.'
            : problem.unreachable ? 'No answer.' : problem.message);
        },
      }),
    };
  }

  #health(report, reached) {
    reached(null, report);
    this.uptime = report.uptime_seconds;
    this.inFlight = report.turns_in_flight;
    setText(this.version, `FlipSync ${report.version}${report.features?.length ? ` · ${report.features.join(', ')}` : ''}`);
    if (!this.hasProviders) {
      const found = report.services.filter(({ name }) => name.startsWith('provider:'));
      this.providers.show(found.map((each) => providerRow({ ...each, name: each.name.slice('provider:'.length) })));
    }
    if (!this.measured) this.tiles.show([duration(this.uptime), count(this.inFlight)]);
  }

  #metrics(found) {
    this.measured = true;
    this.metricsNote.hidden = true;
    this.tiles.show([duration(this.uptime), count(this.inFlight), rate(found.requestRate), percent(found.errorRate),
      count(found.sockets), bytes(found.memory)]);
    this.latency.push([found.p50, found.p95]);
    this.hits.push([found.hitRate]);
  }
}
