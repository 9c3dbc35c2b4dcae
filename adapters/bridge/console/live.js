/// The live side: what is spent, agents, providers, caches, and how the service is doing.

import { getText } from './api.js';
import { createChart } from './chart.js';
import { byId, el, setAttribute, setText } from './dom.js';
import { bytes, count, duration, ms, percent, rate } from './format.js';
import { readMetrics } from './metrics.js';
import { readFigures } from './model_figures.js';
import { Poll } from './poll.js';
import { agentRow, cacheRow, modelRow, providerRow } from './rows.js';
import { SpendView } from './spend_view.js';
import { Table } from './table.js';
import { createTiles } from './tiles.js';
import { withTrouble } from './trouble.js';

function panel(title, ...content) {
  return el('section', { class: 'panel' }, el('h2', {}, title), ...content);
}

export class Live {
  /// `reached(problem or null)` hears whether the service answered; `agentsChanged(agents)` the roster.
  /// `answered(problem or null)` what came of asking for the roster; `pushed()` says whether agents' states come by themselves.
  constructor({ reached, agentsChanged, answered, pushed }) {
    this.agents = new Table('Agents', ['Agent', 'Busy', 'Median', 'Turns', 'Restarts']);
    this.providers = new Table('Model providers', ['Provider', 'Busy', 'p50', 'Calls', 'Failed']);
    this.models = new Table('Models', ['Model', 'Calls', 'Failed', 'First', 'Total'], { kind: 'models', empty: 'No model was asked yet.' });
    this.caches = new Table('Caches', ['Cache', 'Hits', 'Rate', 'Tokens', 'Saved'], { kind: 'caches' });
    this.spend = new SpendView();
    this.tiles = createTiles(['Up', 'In flight', 'Requests', 'Errors', 'Sockets', 'Memory']);
    this.latency = createChart({ title: 'Latency of turns', series: ['p50', 'p95'], show: ms });
    this.hits = createChart({ title: 'Cache hit rate, last minute', series: [''], show: percent, top: 1 });
    this.version = el('p', { class: 'panel-note' });
    this.metricsNote = el('p', { class: 'panel-note', hidden: true });
    this.panels = {
      spend: panel('Spending today', ...this.spend.content),
      models: panel('Models', this.models.element,
        el('p', { class: 'panel-note' }, 'Since the start; the times are means, First is that to the first token of a stream.')),
      caches: panel('Caches', this.caches.element),
    };
    for (const each of Object.values(this.panels)) each.hidden = true;
    byId('live').append(
      panel('Service', this.tiles.element, this.latency.element, this.hits.element, this.metricsNote),
      this.panels.spend, panel('Agents', this.agents.element), panel('Providers', this.providers.element),
      this.panels.models, this.panels.caches, this.version);
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
    this.polls.budget.wake();
    this.polls.caches.wake();
    this.polls.figures.wake();
  }

  /// After a new key or a lost connection.
  retry() {
    // Another key may not see what the one before it did.
    for (const each of Object.values(this.panels)) each.hidden = true;
    this.costs(false);
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

  /// Whether the page shows what calls cost: only who is shown the budget, which no shopper is.
  costs(shown) {
    setAttribute(document.body, 'data-costs', shown);
  }

  /// A panel that is there only for who gets its data.
  #optional(path, every, show, { panel: name, wanted = () => this.shown, ...options }) {
    const { [name]: panelOf } = this.panels;
    return new Poll(path, every, {
      ...options,
      wanted,
      onData: (found) => {
        panelOf.hidden = false;
        show(found);
      },
      onProblem: (problem) => {
        if (problem.unreachable) return;
        panelOf.hidden = true;
        if (name === 'spend') this.costs(false);
      },
    });
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
          this.known = found.providers;
          this.#showProviders();
        },
        onProblem: (problem) => {
          if (!problem.missing) missing(this.providers, 'providers')(problem);
        },
      }),
      budget: this.#optional('/api/v1/budget', 5000, (budget) => {
        this.costs(true);
        this.spend.showBudget(budget);
      }, {
        panel: 'spend',
        // The chat wants to know once whether it may show what turns cost, even where the panel is hidden.
        wanted: () => this.shown || (this.visible && !document.body.hasAttribute('data-costs')),
      }),
      caches: this.#optional('/api/v1/cache', 5000, ({ caches }) => {
        this.caches.show(caches.map(cacheRow));
        this.spend.showCaches(caches);
      }, { panel: 'caches' }),
      figures: this.#optional('/metrics', 5000, (text) => {
        this.figures = readFigures(text);
        this.models.show(this.figures.models.map(modelRow));
        this.#showProviders();
      }, { panel: 'models', read: getText }),
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

  #showProviders() {
    if (!this.known) return;
    this.providers.show(this.known.map((each) =>
      providerRow(withTrouble(each, this.services), this.figures?.providers[each.name])));
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
