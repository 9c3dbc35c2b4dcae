// The console's modules that need no page: what events make of a turn, and how texts and numbers are read.

import assert from 'node:assert/strict';
import { test } from 'node:test';

const load = (name) => import(new URL(`../../adapters/bridge/console/${name}.js`, import.meta.url));
const { apply, breakOff, isRunning, newTurn, spanOf } = await load('turn');
const { blocksOf } = await load('prose');
const { eventParser } = await load('sse');
const { linesOf, roundUp } = await load('chart');
const { readMetrics } = await load('metrics');
const { withTrouble } = await load('trouble');
const { boundOf, readSamples } = await load('prometheus');
const { readFigures } = await load('model_figures');
const { cacheRow, modelRow, providerRow } = await load('rows');
const { savedBy, spendOf, turnCost } = await load('spend');
const { turnsOf } = await load('history');
const { Socket } = await load('socket');
const format = await load('format');

const at = (ms) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
const part = (name, ms, more = {}) => ({ name, required: name === 'response', status: 'ok', ms, attempts: [], ...more });
const event = (seq, type, ms, more = {}) => ({ type, turn: 'turn_1', seq, at: at(ms), ...more });
const reply = (more = {}) => ({
  id: 'turn_1', conversation_id: 'conv_1', status: 'ok', agent: 'pricing', message: 'Charge $5.', parts: [],
  timings: { queue: 0, route: 0, first_token: 5, total: 20 }, ...more,
});

function played(events) {
  const turn = newTurn({ message: 'hello', audience: 'seller' });
  for (const each of events) apply(turn, each);
  return turn;
}

const begun = [
  event(1, 'turn_started', 0, { conversation_id: 'conv_1' }),
  event(2, 'routed', 1, { agent: 'pricing', route: { score: 0.8, matched: ['charge'], runners_up: [] } }),
  event(3, 'part_started', 2, { part: { name: 'response' } }),
  event(4, 'token', 7, { text: 'Charge ' }),
];

test('events make a turn: route, text, parts with their place in time', () => {
  const turn = played([...begun,
    event(5, 'token', 9, { text: '$5.' }),
    event(6, 'part_finished', 18, { part: part('response', 15.25) }),
    event(7, 'completed', 20, { reply: reply() })]);
  assert.equal(turn.phase, 'done');
  assert.equal(turn.agent, 'pricing');
  assert.equal(turn.conversation, 'conv_1');
  assert.equal(turn.text, 'Charge $5.');
  assert.deepEqual(turn.parts.map(({ name, start, end }) => ({ name, start, end })), [{ name: 'response', start: 2, end: 17.25 }]);
  assert.equal(spanOf(turn), 20);
});

test('no part ends after its turn, however its moments were rounded', () => {
  const turn = played([...begun.slice(0, 2),
    event(3, 'part_started', 4, { part: { name: 'response' } }),
    event(4, 'part_finished', 4, { part: part('response', 0.25) }),
    event(5, 'completed', 4, { reply: reply({ parts: [part('response', 0.25)], timings: { total: 3.75 } }) })]);
  assert.deepEqual(turn.parts.map(({ start, end }) => ({ start, end })), [{ start: 3.5, end: 3.75 }]);
});

test('an event that came already changes nothing', () => {
  const turn = played(begun);
  assert.equal(apply(turn, begun[3]), false);
  assert.equal(turn.text, 'Charge ');
});

test('nothing comes after the end', () => {
  const turn = played([...begun, event(5, 'completed', 20, { reply: reply() })]);
  assert.equal(apply(turn, event(6, 'token', 21, { text: 'more' })), false);
  assert.equal(turn.text, 'Charge $5.');
});

test('a restarted answer begins with nothing', () => {
  const turn = played([...begun, event(5, 'restarted', 10, { reason: 'the provider broke off' }), event(6, 'token', 11, { text: 'Ask ' })]);
  assert.equal(turn.text, 'Ask ');
  assert.equal(turn.restarted, 'the provider broke off');
});

test('a failure keeps what came, and says why', () => {
  const why = { code: 'provider_unavailable', message: 'no answer' };
  const turn = played([...begun, event(5, 'failed', 12, { reply: reply({ status: 'failed', message: '', error: why, parts: [part('products', 3)] }) })]);
  assert.equal(turn.phase, 'failed');
  assert.equal(turn.text, 'Charge ');
  assert.deepEqual(turn.error, why);
  assert.deepEqual(turn.parts.map(({ name }) => name), ['response', 'products']);
});

test('a turn that was cancelled was stopped, not failed', () => {
  const turn = played([...begun, event(5, 'failed', 12, { reply: reply({ error: { code: 'cancelled', message: 'x' } }) })]);
  assert.equal(turn.phase, 'stopped');
});

test('a turn breaks off once, and only while it runs', () => {
  const turn = played(begun);
  assert.ok(isRunning(turn));
  breakOff(turn, 'lost', { code: 'connection_lost', message: 'gone' });
  breakOff(turn, 'failed', { code: 'internal', message: 'late' });
  assert.equal(turn.phase, 'lost');
  assert.equal(turn.error.code, 'connection_lost');
});

test('the axis grows with a running turn and ends with its total', () => {
  const turn = played(begun);
  assert.equal(spanOf(turn, 300), 300);
  apply(turn, event(5, 'completed', 20, { reply: reply() }));
  assert.equal(spanOf(turn, 300), 20);
});

test('text is read as paragraphs and lists', () => {
  assert.deepEqual(blocksOf('One\ntwo\n\n- a\n- b\n\n3. c\n4) d\nend'), [
    { kind: 'p', lines: ['One', 'two'] },
    { kind: 'ul', items: ['a', 'b'], start: 1 },
    { kind: 'ol', items: ['c', 'd'], start: 3 },
    { kind: 'p', lines: ['end'] },
  ]);
  assert.deepEqual(blocksOf(''), []);
  assert.deepEqual(blocksOf('-5 % is no list'), [{ kind: 'p', lines: ['-5 % is no list'] }]);
});

test('a stream of events is read however it is cut', () => {
  const text = ': still here\n\nevent: token\nid: 1\ndata: {"a":1}\n\nevent: token\ndata: {"b":\ndata: 2}\n\n';
  for (let size = 1; size <= text.length; ++size) {
    const found = [];
    const feed = eventParser((data) => found.push(JSON.parse(data)));
    for (let from = 0; from < text.length; from += size) feed(text.slice(from, from + size));
    assert.deepEqual(found, [{ a: 1 }, { b: 2 }]);
  }
});

test('a chart breaks its line where nothing was measured', () => {
  assert.equal(linesOf([1, 2, undefined, 3], 5).length, 2);
  assert.deepEqual(linesOf([], 1), []);
  assert.deepEqual([0, 0.3, 1, 3, 7, 41, 100].map(roundUp), [1, 0.5, 1, 5, 10, 50, 100]);
});

test('the hit rate is that of the last minute, and starts again with the service', () => {
  const rate = (hits, misses) => readMetrics({ caches: [{ hits, misses }, { hits: 0, misses: 0 }] }).hitRate;
  assert.equal(rate(0, 0), undefined);
  assert.equal(rate(3, 1), 0.75);
  for (let i = 0; i < 30; ++i) rate(3, 1);
  assert.equal(rate(3, 1), undefined, 'nothing was asked within the last minute');
  assert.equal(rate(3, 5), 0);
  assert.equal(rate(1, 1), 0.5, 'fewer than before: another process');
});

test('figures that the service does not have are left out', () => {
  assert.deepEqual(Object.values(readMetrics({})).filter((value) => value !== undefined), []);
  assert.equal(readMetrics({ turns: { latency_ms: { p50: 0, p95: 0 } } }).p50, undefined);
});

test('stored messages become turns', () => {
  const message = (role, text, more = {}) => ({ role, text, turn: 't', agent: '', at: at(0), products: [], ...more });
  const turns = turnsOf('conv_1', [
    message('assistant', 'cut off from its question'),
    message('user', 'hello'), message('assistant', 'hi', { agent: 'concierge', products: ['A-1'] }),
  ], 'shopper');
  assert.equal(turns.length, 1);
  assert.equal(turns[0].message, 'hello');
  assert.equal(turns[0].text, 'hi');
  assert.equal(turns[0].phase, 'done');
  assert.deepEqual(turns[0].reply.shown, ['A-1']);
});

/// A browser's WebSocket for socket.js: the test plays the service.
class Line extends EventTarget {
  static OPEN = 1;
  static made = [];
  readyState = 0;
  said = [];
  left = false;

  constructor() {
    super();
    Line.made.push(this);
  }

  send(text) {
    this.said.push(JSON.parse(text));
  }

  close() {
    this.left = true;
  }

  open() {
    this.readyState = Line.OPEN;
    this.dispatchEvent(new Event('open'));
  }

  says(frame) {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }));
  }
}

/// What is under way without a timer has happened then.
const settled = () => new Promise(setImmediate);

/// A socket whose time the test moves; `lines` are the WebSockets that it has made.
function playedSocket(t) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  Line.made = [];
  Object.assign(globalThis, { WebSocket: Line, location: { href: 'http://127.0.0.1/', protocol: 'http:' } });
  t.after(() => {
    delete globalThis.WebSocket;
    delete globalThis.location;
  });
  return { socket: new Socket({ changed() {}, onAgents() {} }), lines: Line.made };
}

test('a connection that fell silent is closed only once its turns run on the new one', async (t) => {
  const { socket, lines } = playedSocket(t);
  socket.wake();
  await settled();
  lines[0].open();
  const texts = [];
  const run = socket.run({ message: 'hello' }, ({ text }) => texts.push(text));
  const { id } = lines[0].said.at(-1);
  lines[0].says({ ...event(1, 'token', 0, { text: 'Charge ' }), id });
  t.mock.timers.tick(20_000);
  assert.equal(lines[0].said.at(-1).type, 'ping');
  t.mock.timers.tick(8_000);
  assert.ok(run.held());
  t.mock.timers.tick(1_000);
  await settled();
  lines[1].open();
  assert.deepEqual(lines[1].said.at(-1), { type: 'resume', id, turn: 'turn_1', after_seq: 1 });
  assert.equal(lines[0].left, false, 'a close that overtakes the resume would cancel the turn');
  lines[1].says({ type: 'resumed', id, turn: 'turn_1', after_seq: 1, running: true });
  assert.equal(lines[0].left, true);
  lines[1].says({ ...event(2, 'token', 5, { text: '$5.' }), id });
  lines[1].says({ ...event(3, 'completed', 9), id });
  await run.done;
  assert.deepEqual(texts, ['Charge ', '$5.', undefined]);
});

test('a key that is refused is not tried again until there is another', async (t) => {
  const { socket, lines } = playedSocket(t);
  let shown = 'wrong';
  let tickets = 0;
  globalThis.sessionStorage = { getItem: () => JSON.stringify(shown) };
  t.mock.method(globalThis, 'fetch', async (path, { headers }) => {
    tickets += 1;
    const known = headers.authorization === 'Bearer right';
    return new Response(JSON.stringify(known ? { ticket: 'once' } : { code: 'unauthorized' }), { status: known ? 200 : 401 });
  });
  t.after(() => delete globalThis.sessionStorage);
  const pass = async () => {
    for (let i = 0; i < 20; ++i) {
      t.mock.timers.tick(20_000);
      await settled();
    }
  };
  socket.wake();
  await pass();
  socket.wake();
  await pass();
  assert.deepEqual([tickets, lines.length, socket.refused], [1, 0, true]);
  shown = 'right';
  socket.renew();
  await settled();
  await settled();
  assert.deepEqual([tickets, lines.length, socket.refused], [2, 1, false]);
});

test('a connection that fell silent without a turn is closed when there is another', async (t) => {
  const { socket, lines } = playedSocket(t);
  socket.wake();
  await settled();
  lines[0].open();
  for (const step of [20_000, 8_000, 1_000]) t.mock.timers.tick(step);
  await settled();
  assert.equal(lines[0].left, false);
  lines[1].open();
  assert.equal(lines[0].left, true);
});

test('numbers are short', () => {
  assert.deepEqual([0, 0.04, 0.35, 9.96, 12.4, 999.4, 1200, 15_000, 59_700, 61_000, 119_700].map(format.ms),
    ['0 ms', '< 0.1 ms', '0.3 ms', '10.0 ms', '12 ms', '999 ms', '1.2 s', '15 s', '1 min 0 s', '1 min 1 s', '2 min 0 s']);
  assert.equal(format.ms(undefined), '–');
  assert.equal(format.cost(0.00012), '$0.00012');
  assert.equal(format.percent(0.5), '50 %');
  assert.equal(format.words('quick_replies'), 'Quick replies');
  assert.equal(format.duration(3700), '1 h 1 min');
});

test('a provider shows what /health says of it: an open breaker, a refused key', () => {
  const provider = { name: 'first', state: 'up', attempts: 5 };
  const services = [
    { name: 'provider:first', status: 'degraded', detail: 'left alone after its failures (breaker open)' },
    { name: 'provider:second', status: 'up', detail: '' },
  ];
  assert.deepEqual(withTrouble(provider, services),
    { ...provider, state: 'degraded', detail: 'left alone after its failures (breaker open)' });
  assert.equal(withTrouble({ ...provider, state: 'down' }, services).state, 'down');
  assert.deepEqual(withTrouble({ ...provider, name: 'second' }, services), { ...provider, name: 'second' });
  assert.deepEqual(withTrouble(provider), provider, 'before /health has answered');
});

test('the text of /metrics is read with its labels, and what is no sample is passed over', () => {
  const text = ['# HELP a_total Of a.', 'a_total{x="1",y="say \\"hi\\"\\\\ there"} 2 1795655952009', 'a_total 3', 'b{le="+Inf"} 4',
    'a_total{broken', 'other 5'].join('\n');
  assert.deepEqual(readSamples(text, ['a', 'b']), {
    a_total: [{ labels: { x: '1', y: 'say "hi"\\ there' }, value: 2 }, { labels: {}, value: 3 }],
    b: [{ labels: { le: '+Inf' }, value: 4 }],
  });
});

test('a share of observations lies within a bucket, where it does', () => {
  const buckets = (...values) => ['0.1', '0.5', '+Inf'].map((le, i) => ({ labels: { le }, value: values[i] }));
  assert.equal(boundOf(buckets(19, 20, 20), 0.95), 0.1);
  assert.equal(boundOf(buckets(18, 20, 20), 0.95), 0.5);
  assert.equal(boundOf(buckets(0, 10, 20), 0.95), undefined);
  assert.equal(boundOf(buckets(0, 0, 0), 0.95), undefined);
  assert.equal(boundOf([], 0.95), undefined);
});

test('models are told by calls, failures by kind, and times of what was answered', () => {
  const of = (error) => `{error_type="${error}",gen_ai_provider_name="p",gen_ai_request_model="m"`;
  const first = '{gen_ai_provider_name="p",gen_ai_request_model="m"';
  const text = [
    `gen_ai_client_operation_duration_seconds_count${of('')}} 3`, `gen_ai_client_operation_duration_seconds_sum${of('')}} 0.6`,
    `gen_ai_client_operation_duration_seconds_bucket${of('')},le="0.5"} 3`, `gen_ai_client_operation_duration_seconds_bucket${of('')},le="+Inf"} 3`,
    `gen_ai_client_operation_duration_seconds_count${of('deadline_exceeded')}} 2`,
    `gen_ai_server_time_to_first_token_seconds_count${first}} 2`, `gen_ai_server_time_to_first_token_seconds_sum${first}} 0.1`,
    'flipsync_provider_failures_total{fault="server_error",provider="p"} 2', 'flipsync_provider_retries_total{provider="p"} 1',
  ].join('\n');
  const { models: [model], providers } = readFigures(text);
  assert.deepEqual([model.calls, model.failed, model.failures], [5, 2, { deadline_exceeded: 2 }]);
  assert.ok(Math.abs(model.total.mean - 200) < 1e-9);
  assert.deepEqual([model.total.within95, model.firstToken.mean, model.firstToken.within95], [500, 50, undefined]);
  assert.deepEqual(providers, { p: { failures: { server_error: 2 }, retries: 1 } });
  assert.equal(modelRow(model).detail, 'p · failed: 2 deadline exceeded · total 95 % within 500 ms');
  assert.deepEqual(readFigures(''), { models: [], providers: {} });
});

const budget = (limits, models = []) => ({
  resets_at: '2026-11-27T00:00:00.000Z', per_request_usd: 0.1, per_conversation_usd: null, models,
  limits: limits.map(([limit, tenant, limit_usd, spent_usd, reserved_usd = 0]) => ({ limit, tenant, limit_usd, spent_usd, reserved_usd })),
});
const noon = Date.UTC(2026, 10, 26, 12);

test('a limit says what is spent of it and set aside, and when it comes near', () => {
  const rows = (...limits) => spendOf(budget(limits), noon).limits.map(({ name, text, more, tone }) => [name, text, more, tone]);
  assert.deepEqual(rows(['day', '', 10, 1.25, 0.5]), [['All tenants', '$1.25 of $10.00', '$0.50 set aside', 'good']]);
  assert.deepEqual(rows(['day', '', 10, 8]).map((row) => row[3]), ['warn']);
  assert.deepEqual(rows(['day', '', 10, 10.01]).map((row) => row[3]), ['bad']);
  // One tenant without a limit of its own would repeat the day.
  assert.equal(rows(['day', '', 10, 1], ['tenant', 'default', null, 1]).length, 1);
  assert.deepEqual(rows(['day', '', null, 4], ['tenant', 'a', null, 1], ['tenant', 'b', 3, 3]), [
    ['All tenants', '$4.00', 'no limit', 'none'], ['Tenant b', '$3.00 of $3.00, 75 % of all', '', 'bad'], ['Tenant a', '$1.00, 25 % of all', 'no limit', 'none']]);
  assert.deepEqual(rows(['tenant', 'mine', null, 0]), [['Tenant mine', '$0', 'no limit', 'none']]);
  assert.match(spendOf(budget([]), noon).note, /^A turn: \$0\.10 · a conversation: no limit · begins anew in 12 h 0 min$/);
});

test('many tenants and models are shown by what they spent, and the rest is counted', () => {
  const model = (i) => ({ tenant: `t${i % 2}`, provider: 'p', model: `m${i}`, answers: 1, failures: i === 9 ? 2 : 0, tokens: { in: 1, out: 2 },
    cost_usd: i / 10, wasted_usd: i === 9 ? 0.05 : 0 });
  const limits = Array.from({ length: 10 }, (_, i) => ['tenant', `t${i}`, null, i]);
  const spent = spendOf(budget(limits, Array.from({ length: 10 }, (_, i) => model(i))), noon);
  assert.equal(spent.cost, 4.5);
  assert.equal(spent.wasted, 0.05);
  assert.equal(spent.limits[0].name, 'Tenant t9');
  assert.deepEqual(spent.models[0].cells, ['1', '3', '$0.90']);
  assert.equal(spent.models[0].detail, 'p · tenant t1 · $0.05 wasted on 2 without an answer');
  assert.deepEqual([spent.limits.length, spent.models.length], [8, 8]);
  assert.match(spent.note, /4 smaller ones are left out/);
});

test('a turn that asked no model has no line of cost', () => {
  const usage = { in: 0, out: 0, cost_usd: 0, wasted_usd: 0, saved_usd: 0 };
  assert.equal(turnCost(usage), '');
  assert.equal(turnCost(undefined), '');
  assert.equal(turnCost({ in: 11, out: 7 }), '', 'costs are withheld from a shopper\'s key');
  assert.equal(turnCost({ ...usage, in: 11, out: 7, cost_usd: 0.00032 }), '$0.00032 · 11 → 7 tokens');
  assert.equal(turnCost({ ...usage, cost_usd: 0.00032, wasted_usd: 0.0001 }), '$0.00032 · $0.0001 wasted');
  assert.equal(turnCost({ ...usage, saved_usd: 0.00032 }), '$0 · $0.00032 saved');
});

test('a provider that is out of use says so, and what failed by kind', () => {
  const provider = { name: 'p', state: 'up', default_model: 'm', attempts: 9, failures: 4, in_flight: 1, waiting: 2, latency_ms: { p50: 3 },
    last_outcome: 'ok', breaker: 'closed', models_out: [], key_refused: false };
  const row = (more, figures) => providerRow({ ...provider, ...more }, figures);
  assert.deepEqual([row({}).tone, row({}).detail, row({}).cells], ['good', 'm', ['3', '3.0 ms', '9', '4']]);
  assert.deepEqual([row({ key_refused: true }).tone, row({ key_refused: true }).detail], ['warn', 'm · its key was refused']);
  assert.equal(row({ breaker: 'half_open', models_out: ['x'] }).detail, 'm · breaker half open · left alone: x');
  assert.equal(row({ breaker: 'open', detail: 'left alone' }).detail, 'm · left alone');
  assert.equal(row({}, { failures: { timeout: 1, server_error: 3 }, retries: 2 }).detail, 'm · failed: 3 server error, 1 timeout · 2 tried again');
  const keys = ['in_use', 'refused', 'in_use'].map((state, i) => ({ key: `key ${i + 1}`, state }));
  assert.equal(row({ keys }).detail, 'm · 3 keys: 2 in use, 1 refused');
  assert.equal(row({ last_outcome: 'rate_limited' }).detail, 'm · last call: rate limited');
});

test('a cache tells how often it helped and what it saved', () => {
  const cache = { class: 'quick_replies', provider: 'p', hits: 3, misses: 1, entries: 2, bytes: 444, shared: 1, from_second: 0, evictions: 0,
    saved_tokens: 54, saved_usd: 0.00096, saved_ms: 12 };
  assert.deepEqual(cacheRow(cache).cells, ['3', '75 %', '54', '$0.00096']);
  assert.equal(cacheRow(cache).detail, 'p · 2 kept, 444 B · 12 ms not waited for · 1 shared');
  assert.deepEqual(cacheRow({ ...cache, hits: 0, misses: 0, saved_tokens: 0, saved_usd: 0 }).cells, ['0', '–', '–', '–']);
  assert.equal(savedBy([cache, { ...cache, saved_usd: 0.1 }]), 0.10096);
});

test('small amounts keep the digits that count', () => {
  assert.deepEqual([0, 0.000000125, 0.00032, 0.0128, 0.1, 0.999, 1, 12.345].map(format.cost),
    ['$0', '$0.000000125', '$0.00032', '$0.0128', '$0.10', '$0.999', '$1.00', '$12.35']);
  assert.deepEqual([444, 28_752, 31e6, 2.5e9].map(format.bytes), ['444 B', '29 kB', '31 MB', '2.5 GB']);
});
