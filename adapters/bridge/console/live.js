/// The live side: agents, providers, and how the service is doing.

import { createChart } from './chart.js';
import { byId, el, setAttribute, setText } from './dom.js';
import { bytes, count, duration, ms, percent, rate, words } from './format.js';
import { readMetrics } from './metrics.js';
import { Poll } from './poll.js';
import { withTrouble } from './trouble.js';

const numberCells = (cells) => cells.map(() => el('td', { class: 'number' }));

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

  /// `rows`: [{name, label, title, state, tone, cells, detail}]; those no longer named go.
  show(rows) {
    for (const row of rows) this.#show(row);
    for (const [name, kept] of this.#rows) {
      if (rows.some((row) => row.name === name)) continue;
      kept.row.remove();
      kept.more.remove();
      this.#rows.delete(name);
    }
    this.table.hidden = rows.length === 0;
    this.say(rows.length === 0 ? 'None.' : '');
  }

  say(text) {
    setText(this.note, text);
    this.note.hidden = text === '';
  }

  #show({ name, label, title, state, tone, cells, detail = '' }) {
    if (!this.#rows.has(name)) this.#add(name, label ?? words(name), cells);
    const kept = this.#rows.get(name);
    setAttribute(kept.row, 'data-tone', tone);
    setAttribute(kept.head, 'title', title);
    setText(kept.state, state);
    cells.forEach((cell, i) => setText(kept.cells[i], cell));
    setText(kept.detail, detail);
    kept.more.hidden = detail === '';
  }

  #add(name, label, values) {
    const state = el('span', { class: 'row-state' });
    const head = el('th', { scope: 'row' },
      el('span', { class: 'dot', 'aria-hidden': 'true' }), el('span', { class: 'row-name' }, label), ' ', state);
    const cells = numberCells(values);
    const detail = el('td', { colspan: values.length + 1 });
    const kept = { row: el('tr', {}, head, ...cells), more: el('tr', { class: 'row-detail' }, detail), head, state, cells, detail };
    this.#rows.set(name, kept);
    this.body.append(kept.row, kept.more);
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

const fine = new Set(['ok', 'none', undefined]);

/// A provider from GET /api/v1/providers, or a component of /health named "provider:NAME".
function providerRow(provider) {
  const state = provider.state ?? provider.status;
  const troubled = toneOf(state) === 'good' && !fine.has(provider.last_outcome);
  const facts = [
    provider.default_model,
    troubled && !provider.detail ? `last call: ${words(provider.last_outcome).toLowerCase()}` : '',
    provider.detail,
  ];
  const counted = provider.attempts !== undefined;
  return {
    name: provider.name,
    label: provider.name,
    state: stateWord(state),
    tone: troubled ? 'warn' : toneOf(state),
    detail: facts.filter(Boolean).join(' · '),
    cells: counted
      ? [count(provider.in_flight + provider.waiting), provider.latency_ms.p50 ? ms(provider.latency_ms.p50) : '–',
        count(provider.attempts), count(provider.failures)]
      : ['–', '–', '–', '–'],
  };
}

export class Live {
  /// `reached(problem or null)` hears whether the service answered; `agentsChanged(agents)` the roster.
  /// `answered(problem or null)` what came of asking for the roster; `pushed()` says whether agents' states come by themselves.
  constructor({ reached, agentsChanged, answered, pushed }) {
    this.agents = new Table('Agents', ['Agent', 'Busy', 'Median', 'Turns', 'Restarts']);
    this.providers = new Table('Model providers', ['Provider', 'Busy', 'p50', 'Calls', 'Failed']);
    this.tiles = createTiles(['Up', 'In flight', 'Requests', 'Errors', 'Sockets', 'Memory']);
    this.latency = createChart({ title: 'Latency of turns', series: ['p50', 'p95'], show: ms });
    this.hits = createChart({ title: 'Cache hit rate, last minute', series: [''], show: percent, top: 1 });
    this.version = el('p', { class: 'panel-note' });
    this.metricsNote = el('p', { class: 'panel-note', hidden: true });
    byId('live').append(
      panel('Service', this.tiles.element, this.latency.element, this.hits.element, this.metricsNote),
      panel('Agents', this.agents.element), panel('Providers', this.providers.element), this.version);
    this.agentsChanged = agentsChanged;
    this.pushed = pushed;
    this.polls = this.#createPolls(reached, answered);
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

  /// A turn has begun or ended.
  turnChanged() {
    this.polls.health.wake();
    this.polls.agents.wake();
    this.polls.providers.wake();
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

  #createPolls(reached, answered) {
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
        onData: ({ agents }) => {
          this.#showAgents(agents);
          answered(null);
        },
        onProblem: (problem) => {
          missing(this.agents, 'a list of agents')(problem);
          answered(problem);
        },
      }),
      providers: new Poll('/api/v1/providers', 5000, {
        wanted: shown,
        onData: (found) => {
          this.hasProviders = true;
          this.providers.show(found.providers.map((each) => providerRow(withTrouble(each, this.services))));
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
    this.services = report.services;
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
