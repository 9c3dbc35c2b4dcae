// Sessions: what becomes of turns whose client drops, leaves or comes back, and of all of them when the
// service is told to end.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ask, get, serve, shop, stream } from './harness.mjs';
import { gate, ollamaAt, ollamaChunk, scripted } from './providers.mjs';
import { assertNumbered, Socket, spoken } from './websocket.mjs';

const question = { message: 'What should I charge for AUD-1001?', audience: 'seller', agent: 'pricing' };
const words = Array.from({ length: 40 }, (_, i) => `w${i} `);

/// A provider that says the first half of the words, and the rest once the gate is open.
async function halfAndHalf(t) {
  const rest = gate();
  const provider = await scripted(t, async (request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    for (const word of words.slice(0, 20)) response.write(ollamaChunk(word));
    await rest.opened;
    for (const word of words.slice(20)) response.write(ollamaChunk(word));
    response.end(ollamaChunk('', true));
  });
  return { provider, rest };
}

const answer = words.join('');

/// Waits for a token that holds the word.
const heard = (socket, word) =>
  socket.frame(() => spoken(socket.frames).includes(word));

const eventsOf = (socket, turn) => socket.frames.filter((frame) => frame.turn === turn && frame.seq);

test('what was missed in a dropped connection is told on a new one, nothing lost and nothing twice', async (t) => {
  const { provider, rest } = await halfAndHalf(t);
  const service = await serve(t, { data: await shop(t), env: ollamaAt(provider.url) });
  const before = await Socket.open(t, service, '/api/v1/ws/connect?resume=true');
  before.send({ ...question, id: 'mine' });
  await heard(before, 'w19 ');
  const { turn } = before.frames[0];
  const seen = eventsOf(before, turn).slice(0, 9); // as if the last ones had been lost on their way
  before.ws.terminate();

  const after = await Socket.open(t, service);
  after.send({ type: 'resume', turn, after_seq: seen.at(-1).seq, id: 'r' });
  const resumed = await after.type('resumed');
  assert.deepEqual([resumed.turn, resumed.running, resumed.id], [turn, true, 'r']);
  rest.open();
  await after.type('completed');
  const all = [...seen, ...eventsOf(after, turn)];
  assertNumbered(all);
  assert.equal(spoken(all), answer);
  assert.equal(all.at(-1).reply.message, answer);
  assert.ok(eventsOf(after, turn).every((frame) => frame.id === 'mine'), 'the message keeps its name');
});

test('a turn can be resumed before the server has seen its connection drop, and after its end', async (t) => {
  const { provider, rest } = await halfAndHalf(t);
  const service = await serve(t, { data: await shop(t), env: ollamaAt(provider.url) });
  const first = await Socket.open(t, service);
  first.send({ type: 'resume', id: 'keep' });
  assert.equal((await first.type('resumable')).hold_ms, 60000);
  first.send(question);
  await heard(first, 'w19 ');
  const { turn } = first.frames.find((frame) => frame.type === 'turn_started');
  const second = await Socket.open(t, service);
  second.send({ type: 'resume', turn, after_seq: 0 });
  await second.type('resumed'); // else the turn could end before the server has read it
  rest.open();
  await second.type('completed');
  assertNumbered(eventsOf(second, turn));
  assert.ok(!first.frames.some((frame) => frame.type === 'completed'), 'one client has it at a time');
  first.ws.close();
  await first.closed;

  second.ws.terminate();
  const third = await Socket.open(t, service);
  third.send({ type: 'resume', turn, after_seq: 3 });
  assert.equal((await third.type('resumed')).running, false);
  await third.type('completed');
  assertNumbered(eventsOf(third, turn), 4);
});

test('a client that closes has its turns cancelled, and cannot resume them', async (t) => {
  const { provider } = await halfAndHalf(t);
  const service = await serve(t, { data: await shop(t), env: ollamaAt(provider.url) });
  const before = await Socket.open(t, service, '/ws/chat?resume=true');
  before.send(question);
  await heard(before, 'w19 ');
  const { turn } = before.frames[0];
  before.ws.close();
  await service.logged(/event=turn .*code=cancelled/);
  const after = await Socket.open(t, service);
  after.send({ type: 'resume', turn, after_seq: 0, id: 'r' });
  const refused = await after.type('error');
  assert.deepEqual([refused.code, refused.field, refused.id], ['not_found', 'turn', 'r']);
});

test('a drop without having asked cancels, and one that nobody comes back from in time too', async (t) => {
  const { provider } = await halfAndHalf(t);
  const env = ollamaAt(provider.url, { FLIPSYNC_SESSION_RESUME_HOLD: '300ms' });
  const service = await serve(t, { data: await shop(t), env });
  const plain = await Socket.open(t, service);
  plain.send(question);
  await heard(plain, 'w19 ');
  plain.ws.terminate();
  await service.logged(/event=turn .*code=cancelled/);

  const held = await Socket.open(t, service, '/ws/chat?resume=true');
  held.send(question);
  await heard(held, 'w19 ');
  held.ws.terminate();
  await service.logged(/(event=turn .*code=cancelled[^]*){2}/);
  const { text } = await get(service, '/metrics');
  assert.match(text, /flipsync_sessions_held 0/);
  assert.match(text, /flipsync_sessions_open 0/);
  assert.match(text, /flipsync_turns_kept 0/);
  assert.match(text, /flipsync_turns_in_flight 0/);
});

test('events that are no longer kept are said to be gone', async (t) => {
  const { provider, rest } = await halfAndHalf(t);
  const env = ollamaAt(provider.url, { FLIPSYNC_SESSION_MAX_LOG: '1KiB' });
  const service = await serve(t, { data: await shop(t), env });
  const before = await Socket.open(t, service, '/ws/chat?resume=true');
  before.send(question);
  await heard(before, 'w19 ');
  const { turn } = before.frames[0];
  before.ws.terminate();
  const after = await Socket.open(t, service);
  after.send({ type: 'resume', turn, after_seq: 1 });
  const gone = await after.type('error');
  assert.deepEqual([gone.code, gone.field], ['not_found', 'after_seq']);
  after.send({ type: 'resume', turn, after_seq: 10_000, id: 'ahead' });
  const ahead = await after.frame((frame) => frame.id === 'ahead');
  assert.deepEqual([ahead.code, ahead.field], ['invalid_request', 'after_seq']);
  rest.open();
});

test('a detached turn is finished and kept after its client has left', async (t) => {
  const { provider, rest } = await halfAndHalf(t);
  const service = await serve(t, { data: await shop(t), env: ollamaAt(provider.url) });
  const socket = await Socket.open(t, service);
  socket.send({ ...question, detach: true });
  await heard(socket, 'w19 ');
  const started = socket.frames[0];
  socket.ws.close();
  await socket.closed;
  // The same over SSE.
  const sse = await stream(service, { ...question, detach: true });
  let other;
  for await (const { data } of sse.events) {
    other ??= data.turn;
    if (data.type === 'token') break;
  }
  sse.close();
  rest.open();
  await service.logged(/(event=turn .*status=ok[^]*){2}/);
  for (const turn of [started.turn, other]) {
    const again = await Socket.open(t, service);
    again.send({ type: 'resume', turn, after_seq: 0 });
    const { reply } = await again.type('completed');
    assert.equal(reply.message, answer);
    assertNumbered(eventsOf(again, turn));
  }
});

test('on SIGTERM clients are told, turns are finished, and then their sockets are closed with 1001', async (t) => {
  const { provider, rest } = await halfAndHalf(t);
  const service = await serve(t, { data: await shop(t), env: ollamaAt(provider.url) });
  const idle = await Socket.open(t, service);
  const busy = await Socket.open(t, service);
  busy.send(question);
  await heard(busy, 'w19 ');
  service.signal('SIGTERM');
  assert.equal((await idle.closed).code, 1001);
  assert.equal((await busy.type('draining')).turns, 1);
  busy.send({ ...question, id: 'late' });
  assert.equal((await busy.frame((frame) => frame.id === 'late')).code, 'shutting_down');
  rest.open();
  assert.equal((await busy.type('completed')).reply.message, answer);
  assert.equal((await busy.closed).code, 1001);
  assert.deepEqual(await service.exited, { code: 0, signal: null });
});

test('a turn that outlasts the grace is ended before its socket is closed', async (t) => {
  const { provider } = await halfAndHalf(t);
  const env = ollamaAt(provider.url, { FLIPSYNC_SERVER_DRAIN_GRACE: '300ms' });
  const service = await serve(t, { data: await shop(t), env });
  const socket = await Socket.open(t, service);
  socket.send(question);
  await heard(socket, 'w19 ');
  service.signal('SIGTERM');
  assert.equal((await socket.type('failed')).reply.error.code, 'shutting_down');
  assert.equal((await socket.closed).code, 1001);
  assert.equal((await service.exited).code, 0);
});

test('a whole reply to a detached request is an ordinary one', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const { status, json } = await ask(service, { message: 'hello', audience: 'shopper', detach: true });
  assert.equal(status, 200);
  assert.equal(json.status, 'ok');
});
