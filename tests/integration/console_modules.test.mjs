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
const { turnsOf } = await load('history');
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

test('numbers are short', () => {
  assert.deepEqual([0, 0.04, 0.35, 9.96, 12.4, 999.4, 1200, 15_000, 61_000].map(format.ms),
    ['0 ms', '< 0.1 ms', '0.3 ms', '10.0 ms', '12 ms', '999 ms', '1.2 s', '15 s', '1 min 1 s']);
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
