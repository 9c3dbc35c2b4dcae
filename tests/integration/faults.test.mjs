// Providers that fail: what the caller is told, how often they were asked, and that nothing is made up.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ask, get, RawConnection, serve, shop, streamed } from './harness.mjs';
import {
  deadAddress, ollamaAt, ollamaChunk, ollamaReply, openaiAt, openaiReply, scripted, sendJson,
} from './providers.mjs';

const turn = { message: 'what should I charge for AUD-1001?', audience: 'seller' };

/// Short backoffs, so that three attempts take no seconds.
const quick = {
  FLIPSYNC_MODELS_RETRY_BASE: '1ms',
  FLIPSYNC_MODELS_RATE_LIMIT_RETRY_BASE: '1ms',
};

/// A failed turn says who failed and why, and holds nothing that looks like an answer.
function assertProblem(reply, { status, code, provider, reason }) {
  assert.equal(reply.status, status, reply.text);
  assert.equal(reply.headers['content-type'], 'application/problem+json');
  assert.equal(reply.json.status, status);
  assert.equal(reply.json.code, code, reply.text);
  assert.ok(reply.json.title && reply.json.detail && reply.json.request_id, reply.text);
  assert.equal(reply.json.provider, provider, reply.text);
  if (reason) assert.match(reply.json.reason, reason);
  assert.equal(reply.json.message, undefined);
  const [response] = reply.json.parts;
  assert.equal(response.name, 'response');
  assert.notEqual(response.status, 'ok');
}

/// The next turn is answered: the fault has left nothing behind.
async function assertGoesOn(service, server) {
  server.answer = (request, response) => sendJson(response, ollamaReply('Well again.'));
  const { status, json } = await ask(service, turn);
  assert.equal(status, 200);
  assert.equal(json.message, 'Well again.');
  assert.equal((await get(service, '/livez')).status, 200);
}

test('a provider where nobody listens is named at once, with its reason', async (t) => {
  const env = { ...ollamaAt(await deadAddress()), ...quick };
  const service = await serve(t, { data: await shop(t), env });
  const reply = await ask(service, turn);
  assertProblem(reply, { status: 502, code: 'provider_unavailable', provider: 'ollama', reason: /connect|refused/i });
  assert.ok(reply.ms < 5000, `${reply.ms} ms`);
  assert.equal(reply.json.parts[0].attempts.length, 2);
  assert.equal((await get(service, '/readyz')).status, 200, 'it is the provider that is down, not the service');
  const health = await get(service, '/health');
  assert.equal(health.json.status, 'degraded');
  assert.match(JSON.stringify(health.json.services), /provider:ollama","status":"degraded/);
});

test('a provider that never answers is given up after the attempt\'s time', async (t) => {
  const server = await scripted(t, () => {}); // takes the request and stays silent
  const env = { ...ollamaAt(server.url), ...quick, FLIPSYNC_MODELS_ATTEMPT_TIMEOUT: '300ms' };
  const service = await serve(t, { data: await shop(t), env });
  const reply = await ask(service, turn);
  assertProblem(reply, { status: 504, code: 'deadline_exceeded', provider: 'ollama' });
  assert.ok(reply.ms >= 295 && reply.ms < 2000, `${reply.ms} ms`);
  assert.equal(server.requests.length, 1, 'a silent route is not tried again in the same turn');
  await assertGoesOn(service, server);
});

test('a turn ends at its own deadline, whatever the provider does', async (t) => {
  const server = await scripted(t, () => {});
  const service = await serve(t, { data: await shop(t), env: { ...ollamaAt(server.url), ...quick } });
  const reply = await ask(service, { ...turn, timeout_ms: 250 });
  assert.equal(reply.status, 504, reply.text);
  assert.equal(reply.json.code, 'deadline_exceeded');
  assert.ok(reply.ms >= 200 && reply.ms < 1500, `${reply.ms} ms`);
  await assertGoesOn(service, server);
});

test('a client that leaves ends the call to the provider', async (t) => {
  const closed = [];
  const server = await scripted(t, (request, response) => {
    closed.push(new Promise((resolve) => response.on('close', resolve)));
  });
  const service = await serve(t, { data: await shop(t), env: ollamaAt(server.url) });
  const client = await RawConnection.open(service);
  const body = JSON.stringify(turn);
  client.send(`POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  await server.received(1);
  client.close();
  await closed[0];
  await assertGoesOn(service, server);
});

const answered = (status, headers = {}, body = '{"error":"busy"}') => (request, response) =>
  sendJson(response, body, status, headers);

/// What an ollama does wrong, and what comes of it.
const faults = [
  { name: 'a server error', answer: answered(500), status: 502, code: 'provider_unavailable', attempts: 3, reason: /busy|500/ },
  { name: 'an overloaded server', answer: answered(503), status: 502, code: 'provider_unavailable', attempts: 3 },
  { name: 'a rate limit', answer: answered(429, { 'retry-after-ms': '5' }), status: 429, code: 'rate_limited', attempts: 3 },
  { name: 'a key that is not accepted', answer: answered(401, {}, '{"error":"unauthorized"}'), status: 502, code: 'provider_rejected', attempts: 1, reason: /key/, keyIsOut: true },
  { name: 'a model that is not there', answer: answered(404, {}, '{"error":"model \\"gemma3:4b\\" not found, try pulling it first"}'), status: 502, code: 'provider_rejected', attempts: 1, reason: /not found/ },
  { name: 'a bad request', answer: answered(400, {}, '{"error":"no"}'), status: 502, code: 'provider_rejected', attempts: 1 },
  {
    name: 'a web page',
    answer: (request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html><body>Welcome to the hotel</body></html>');
    },
    status: 502, code: 'malformed_reply', attempts: 2,
  },
  { name: 'half a JSON', answer: (request, response) => sendJson(response, ollamaReply('Charge').slice(0, 60)), status: 502, code: 'malformed_reply', attempts: 2 },
  { name: 'another JSON', answer: (request, response) => sendJson(response, '{"hello":"world"}'), status: 502, code: 'malformed_reply', attempts: 2 },
  { name: 'an empty answer', answer: (request, response) => sendJson(response, ''), status: 502, code: 'malformed_reply', attempts: 2 },
  { name: 'an answer without words', answer: (request, response) => sendJson(response, ollamaReply('')), status: 502, code: 'malformed_reply', attempts: 2 },
  {
    name: 'a body that stops before its length',
    answer: (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 500 });
      response.write('{"model":"gemma3:4b","message":{"role":"assistant","content":"Char');
      setImmediate(() => response.socket.destroy());
    },
    status: 502, code: 'malformed_reply', attempts: 2,
  },
  {
    name: 'a connection that is reset before the headers',
    answer: (request, response) => response.socket.resetAndDestroy(),
    status: 502, code: 'provider_unavailable', attempts: 2,
  },
  {
    name: 'bytes that are no HTTP',
    answer: (request, response) => response.socket.end('\u0000\u0001 what is this\r\n\r\n'),
    status: 502, attempts: 2,
  },
];

/// A key that was refused is not shown again: the next turn fails without a request, and says why.
async function assertKeyIsOut(service, server) {
  const asked = server.requests.length;
  const reply = await ask(service, turn);
  assert.equal(reply.status, 502, reply.text);
  assert.equal(reply.json.reason, 'key');
  assert.deepEqual(reply.json.parts[0].attempts, []);
  assert.equal(server.requests.length, asked);
  assert.equal((await get(service, '/livez')).status, 200);
}

for (const fault of faults) {
  test(`${fault.name} is reported as what it is, and the next turn is fine`, async (t) => {
    const server = await scripted(t, fault.answer);
    const service = await serve(t, { data: await shop(t), env: { ...ollamaAt(server.url), ...quick } });
    const reply = await ask(service, turn);
    assertProblem(reply, { code: reply.json?.code, provider: 'ollama', ...fault });
    assert.match(reply.json.code, /^(provider_unavailable|provider_rejected|malformed_reply|rate_limited)$/);
    assert.equal(server.requests.length, fault.attempts);
    const { attempts } = reply.json.parts[0];
    assert.equal(attempts.length, fault.attempts);
    for (const one of attempts) {
      assert.equal(one.provider, 'ollama');
      assert.equal(one.outcome, reply.json.code);
      assert.ok(one.reason, 'each attempt has its reason');
    }
    if (fault.keyIsOut) await assertKeyIsOut(service, server);
    else await assertGoesOn(service, server);
  });
}

test('an answer that comes at the second attempt is the answer, with both attempts listed', async (t) => {
  const server = await scripted(t, (request, response, number) =>
    number === 1 ? sendJson(response, '{"error":"loading"}', 503) : sendJson(response, ollamaReply('Second.')));
  const service = await serve(t, { data: await shop(t), env: { ...ollamaAt(server.url), ...quick } });
  const { status, json } = await ask(service, turn);
  assert.equal(status, 200);
  assert.equal(json.message, 'Second.');
  assert.deepEqual(json.parts[0].attempts.map(({ outcome }) => outcome), ['provider_unavailable', 'ok']);
});

test('the number of attempts is as configured', async (t) => {
  const server = await scripted(t, answered(500));
  const env = { ...ollamaAt(server.url), ...quick, FLIPSYNC_MODELS_RETRY_ATTEMPTS: '1' };
  const service = await serve(t, { data: await shop(t), env });
  const reply = await ask(service, turn);
  assert.equal(reply.status, 502);
  assert.equal(server.requests.length, 1);
});

test('Retry-After is kept to: the second attempt does not come before it', async (t) => {
  const server = await scripted(t, (request, response, number) =>
    number === 1
      ? sendJson(response, '{"error":{"message":"slow down"}}', 429, { 'retry-after': '1' })
      : sendJson(response, openaiReply('Now.')));
  const service = await serve(t, { data: await shop(t), env: { ...openaiAt(server.url), ...quick } });
  const { json } = await ask(service, turn);
  assert.equal(json.message, 'Now.');
  const [first, second] = server.requests;
  assert.ok(second.at - first.at >= 990, `${second.at - first.at} ms`);
});

test('a Retry-After beyond the deadline is refused at once and passed on', async (t) => {
  const server = await scripted(t, answered(429, { 'retry-after': '120' }));
  const service = await serve(t, { data: await shop(t), env: { ...ollamaAt(server.url), ...quick } });
  const reply = await ask(service, turn);
  assertProblem(reply, { status: 429, code: 'rate_limited', provider: 'ollama' });
  assert.ok(reply.ms < 2000, `${reply.ms} ms`);
  assert.equal(server.requests.length, 1);
  assert.equal(reply.json.retry_after_ms, 120000);
  assert.equal(reply.headers['retry-after'], '120');
});

test('the key is in no reply and no log, even if the provider repeats it', async (t) => {
  const server = await scripted(t, (request, response) =>
    sendJson(response, JSON.stringify({ error: { message: `Incorrect API key: ${request.headers.authorization}` } }), 401));
  const service = await serve(t, { data: await shop(t), env: { ...openaiAt(server.url), LOG_LEVEL: 'trace' } });
  const reply = await ask(service, turn);
  assertProblem(reply, { status: 502, code: 'provider_rejected', provider: 'openai' });
  const secret = server.requests[0].headers.authorization.replace('Bearer ', '');
  assert.ok(!reply.text.includes(secret), reply.text);
  await service.stop();
  assert.ok(!service.stderr.includes(secret), service.stderr);
});

test('the embedded answers do not stand in for a provider that failed', async (t) => {
  const env = { ...ollamaAt(await deadAddress()), ...quick };
  const service = await serve(t, { data: await shop(t), env });
  const reply = await ask(service, turn);
  assert.equal(reply.status, 502);
  assert.ok(!reply.text.includes('offline'), reply.text);
  assert.ok(!reply.text.includes('57.27'), 'no recommendation without the model that was asked for');
});

test('a fallback that is configured answers, and is named', async (t) => {
  const server = await scripted(t, (request, response) => sendJson(response, openaiReply('From the other one.')));
  const env = { ...openaiAt(server.url), ...quick, LLM_PROVIDER: 'ollama', OLLAMA_HOST: await deadAddress() };
  const service = await serve(t, { data: await shop(t), env });
  const { status, json } = await ask(service, turn);
  assert.equal(status, 200, JSON.stringify(json));
  assert.equal(json.message, 'From the other one.');
  const [{ provider, attempts }] = json.parts;
  assert.equal(provider, 'openai');
  assert.deepEqual(attempts.map((one) => one.provider), ['ollama', 'ollama', 'openai']);
});

const cut = (request, response) => {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.write(ollamaChunk('Charge '));
  response.write(ollamaChunk('what'));
  setImmediate(() => response.socket.destroy());
};

test('a stream that is cut after tokens is never a whole answer', async (t) => {
  const server = await scripted(t, cut);
  const service = await serve(t, { data: await shop(t), env: { ...ollamaAt(server.url), ...quick } });
  const events = await streamed(service, turn);
  const last = events.at(-1);
  assert.equal(last.event, 'failed');
  assert.equal(last.data.reply.error.code, 'malformed_reply');
  assert.equal(last.data.reply.error.provider, 'ollama');
  assert.equal(last.data.reply.message, '');
  assert.equal(events.filter(({ event }) => event === 'restarted').length, server.requests.length - 1);
  assert.ok(server.requests.length <= 3);
  await assertGoesOn(service, server);
});

test('a stream that is cut once is told again from the beginning', async (t) => {
  const server = await scripted(t, (request, response, number) => {
    if (number === 1) return cut(request, response);
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(ollamaChunk('All '));
    response.write(ollamaChunk('of it.'));
    response.end(ollamaChunk('', true));
  });
  const service = await serve(t, { data: await shop(t), env: { ...ollamaAt(server.url), ...quick } });
  const events = await streamed(service, turn);
  assert.equal(events.at(-1).event, 'completed');
  assert.equal(events.at(-1).data.reply.message, 'All of it.');
  const restart = events.findIndex(({ event }) => event === 'restarted');
  assert.ok(restart > 0);
  const after = events.slice(restart).filter(({ event }) => event === 'token').map(({ data }) => data.text);
  assert.equal(after.join(''), 'All of it.');
});

test('one broken line in a stream that is otherwise whole is passed over', async (t) => {
  const server = await scripted(t, (request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(ollamaChunk('One '));
    response.write('{"model": oops\n');
    response.write(ollamaChunk('two.'));
    response.end(ollamaChunk('', true));
  });
  const service = await serve(t, { data: await shop(t), env: { ...ollamaAt(server.url), ...quick } });
  const events = await streamed(service, turn);
  assert.equal(events.at(-1).event, 'completed');
  assert.equal(events.at(-1).data.reply.message, 'One two.');
});

test('an endless stream is cut off at the limit', async (t) => {
  const server = await scripted(t, (request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const more = () => {
      while (!response.destroyed && response.write(ollamaChunk('x'.repeat(4096))));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  });
  const env = { ...ollamaAt(server.url), ...quick, FLIPSYNC_TURN_MAX_REPLY: '64KiB', FLIPSYNC_MODELS_RETRY_ATTEMPTS: '1' };
  const service = await serve(t, { data: await shop(t), env });
  const events = await streamed(service, turn);
  assert.equal(events.at(-1).event, 'failed');
  assert.equal(events.at(-1).data.reply.error.code, 'malformed_reply');
  await assertGoesOn(service, server);
});
