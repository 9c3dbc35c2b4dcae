// Server-sent events: order, numbers, ends, and that a stream is one.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ask, counted, serve, shop, stream, streamed } from './harness.mjs';
import { gate, ollamaAt, ollamaChunk, ollamaReply, scripted, sendJson } from './providers.mjs';

const turn = { message: 'what should I charge for AUD-1001?', audience: 'seller' };

/// What holds for every stream.
function assertWellFormed(events) {
  events.forEach(({ event, id, data }, i) => {
    assert.equal(id, String(i + 1), 'ids rise by one from 1');
    assert.equal(data.seq, i + 1);
    assert.equal(data.type, event);
    assert.equal(data.turn, events[0].data.turn, 'all events are of one turn');
    assert.match(data.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
  });
  const terminal = events.filter(({ event }) => event === 'completed' || event === 'failed');
  assert.equal(terminal.length, 1, 'exactly one terminal event');
  assert.equal(events.at(-1), terminal[0], 'the terminal event is the last');
  const times = events.map(({ data }) => Date.parse(data.at));
  assert.deepEqual(times, times.toSorted((a, b) => a - b));
}

test('events come in order, numbered, with one end', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const opened = await stream(service, { message: 'show me wireless headphones', audience: 'shopper' });
  assert.equal(opened.status, 200);
  assert.match(opened.headers['content-type'], /^text\/event-stream/);
  const events = [];
  for await (const event of opened.events) events.push(event);
  assertWellFormed(events);
  const types = events.map(({ event }) => event);
  assert.deepEqual(types.slice(0, 2), ['turn_started', 'routed']);
  assert.equal(types.at(-1), 'completed');
  assert.equal(events[1].data.agent, 'concierge');

  const names = (type) => events.filter(({ event }) => event === type).map(({ data }) => data.part.name);
  assert.deepEqual(names('part_started').toSorted(), names('part_finished').toSorted());
  for (const name of ['response', 'product_decision', 'products', 'quick_replies']) {
    const at = (type) => events.findIndex(({ event, data }) => event === type && data.part.name === name);
    assert.ok(at('part_started') < at('part_finished'), name);
  }
  const { reply } = events.at(-1).data;
  const tokens = events.filter(({ event }) => event === 'token').map(({ data }) => data.text);
  assert.equal(tokens.join(''), reply.message);
  assert.equal(reply.id, events[0].data.turn);
  assert.equal(reply.conversation_id, events[0].data.conversation_id);
});

test('a streamed reply is the one that the whole route gives', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const whole = (await ask(service, turn)).json;
  const { reply } = (await streamed(service, turn)).at(-1).data;
  for (const field of ['status', 'agent', 'route', 'message', 'products', 'quick_replies', 'facts'])
    assert.deepEqual(reply[field], whole[field], field);
  assert.deepEqual(Object.keys(reply), Object.keys(whole));
});

test('a token is with the client while the provider still holds back the next', async (t) => {
  const words = ['Charge ', 'what ', 'the rules ', 'say.'];
  const gates = words.map(() => gate());
  const server = await scripted(t, async (request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    for (const [i, word] of words.entries()) {
      await gates[i].opened;
      response.write(ollamaChunk(word));
    }
    response.end(ollamaChunk('', true));
  });
  const service = await serve(t, { data: await shop(t), env: ollamaAt(server.url) });
  const { events } = await stream(service, turn);
  const seen = [];
  const tokens = [];
  gates[0].open();
  for await (const event of events) {
    seen.push(event);
    if (event.event !== 'token') continue;
    tokens.push(event.data.text);
    // Only what the client has received lets the provider go on; a buffered stream would hang here.
    gates[tokens.length]?.open();
  }
  assertWellFormed(seen);
  assert.deepEqual(tokens, words);
  const { reply } = seen.at(-1).data;
  assert.equal(reply.message, words.join(''));
  assert.ok(reply.timings.first_token > 0 && reply.timings.first_token < reply.timings.total);
});

test('a stream that fails ends with failed, and its reply says why', async (t) => {
  const server = await scripted(t, (request, response) => sendJson(response, '{"error":"no"}', 400));
  const service = await serve(t, { data: await shop(t), env: ollamaAt(server.url) });
  const events = await streamed(service, turn);
  assertWellFormed(events);
  const { event, data } = events.at(-1);
  assert.equal(event, 'failed');
  assert.equal(data.reply.status, 'failed');
  assert.equal(data.reply.error.code, 'provider_rejected');
  assert.equal(data.reply.message, '');
});

test('a turn that is refused before it begins is a problem, not a stream', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const { status, headers, response } = await stream(service, { message: '' });
  response.resume();
  assert.equal(status, 400);
  assert.equal(headers['content-type'], 'application/problem+json');
});

test('a client that leaves its stream ends the call to the provider', async (t) => {
  const left = gate();
  const server = await scripted(t, (request, response) => {
    response.on('close', left.open);
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(ollamaChunk('Charge '));
  });
  const service = await serve(t, { data: await shop(t), env: ollamaAt(server.url) });
  const { events, close } = await stream(service, turn);
  for await (const { event } of events) if (event === 'token') break;
  close();
  await left.opened;
  server.answer = (request, response) => sendJson(response, ollamaReply('Next.'));
  assert.equal((await ask(service, turn)).json.message, 'Next.');
  await counted(service, /^flipsync_provider_calls_cancelled_total\{provider="ollama"\} 1\b/m);
});

test('fifty streams at once are each whole and keep to themselves', async (t) => {
  const server = await scripted(t, (request, response) => {
    const asked = request.json.messages.at(-1).content;
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    for (const word of ['You ', 'asked: ', asked]) response.write(ollamaChunk(word));
    response.end(ollamaChunk('', true));
  });
  const service = await serve(t, {
    data: await shop(t),
    env: ollamaAt(server.url, { OLLAMA_NUM_PARALLEL: '50' }),
  });
  const turns = await Promise.all(
    Array.from({ length: 50 }, (_, i) => streamed(service, { message: `question ${i}`, agent: 'executive' })));
  turns.forEach((events, i) => {
    assertWellFormed(events);
    assert.equal(events.at(-1).data.reply.message, `You asked: question ${i}`);
  });
});
