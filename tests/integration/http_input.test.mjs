// Bad input at the door: the status, the problem that names the field, and a connection that goes on.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ask, get, RawConnection, request, serve, shop } from './harness.mjs';
import { gate, ollamaAt, ollamaReply, scripted, sendJson } from './providers.mjs';

const post = (body, { type = 'application/json', target = '/api/v1/chat', more = '' } = {}) =>
  `POST ${target} HTTP/1.1\r\nHost: localhost\r\n${type ? `Content-Type: ${type}\r\n` : ''}` +
  `Content-Length: ${Buffer.byteLength(body, 'latin1')}\r\n${more}\r\n${body}`;

const good = post('{"message":"how much is AUD-1001?","audience":"shopper"}');

function problem({ status, head, body }, wanted, what) {
  assert.equal(status, wanted.status, `${what}: ${body}`);
  assert.match(head, /^content-type: application\/problem\+json/im, what);
  const json = JSON.parse(body);
  assert.equal(json.status, wanted.status, what);
  assert.equal(json.code, wanted.code ?? 'invalid_request', what);
  assert.ok(json.type && json.title && json.detail && json.request_id, `${what}: ${body}`);
  assert.match(head, new RegExp(`^x-request-id: ${json.request_id}\r?$`, 'im'), what);
  if (wanted.field) assert.equal(json.field, wanted.field, what);
  return json;
}

const message = (text) => JSON.stringify({ message: text });
const withField = (name, value) => `{"message":"hi","${name}":${value}}`;

/// Bodies that are refused with 400, and the field that is named.
const bodies = [
  ['nothing', '', 'body'],
  ['no JSON', 'hello', 'body'],
  ['half a JSON', '{"message":"hi"', 'body'],
  ['an array', '[]', 'body'],
  ['a string', '"hi"', 'body'],
  ['two values', '{"message":"hi"} {"message":"hi"}', 'body'],
  ['no message', '{}', 'message'],
  ['an empty message', message(''), 'message'],
  ['only blanks', message('   \n\t '), 'message'],
  ['a message of 8,001 characters', message('x'.repeat(8001)), 'message'],
  ['a message that is a number', '{"message":5}', 'message'],
  ['a message of null', '{"message":null}', 'message'],
  ['a message with half a surrogate', '{"message":"\\ud800"}', 'message'],
  ['bytes that are no UTF-8', '{"message":"caf\xe9"}', 'message'],
  ['a field that does not exist', withField('mesage', '"hi"'), 'mesage'],
  ['a field that is given twice', '{"message":"a","message":"b"}', 'message'],
  ['an audience that does not exist', withField('audience', '"admin"'), 'audience'],
  ['an audience in capitals', withField('audience', '"SELLER"'), 'audience'],
  ['a conversation of 129 characters', withField('conversation_id', `"${'c'.repeat(129)}"`), 'conversation_id'],
  ['a conversation with a path', withField('conversation_id', '"../../etc/passwd"'), 'conversation_id'],
  ['a conversation that is a number', withField('conversation_id', '7'), 'conversation_id'],
  ['a timeout of 0', withField('timeout_ms', '0'), 'timeout_ms'],
  ['a negative timeout', withField('timeout_ms', '-5'), 'timeout_ms'],
  ['a timeout beyond ten minutes', withField('timeout_ms', '600001'), 'timeout_ms'],
  ['a timeout of all time', withField('timeout_ms', '9223372036854775807'), 'timeout_ms'],
  ['half a millisecond', withField('timeout_ms', '1.5'), 'timeout_ms'],
  ['a timeout as text', withField('timeout_ms', '"1000"'), 'timeout_ms'],
  ['a number out of range', withField('timeout_ms', '1e999'), 'timeout_ms'],
  ['a negative cost', withField('max_cost_usd', '-1'), 'max_cost_usd'],
  ['a task that does not exist', withField('task', '"world domination"'), 'task'],
  ['a priority that does not exist', withField('priority', '"asap"'), 'priority'],
  ['a locale that is none', withField('locale', '"not a locale!"'), 'locale'],
  ['a context that is a number', withField('context', '5'), 'context'],
  ['a context beyond 16 KiB', withField('context', `"${'x'.repeat(17 * 1024)}"`), 'context'],
  ['17 levels', withField('context', '['.repeat(17) + ']'.repeat(17)), 'context'],
  ['an age that is text', withField('age_confirmed', '"yes"'), 'age_confirmed'],
  ['a detach that is text', withField('detach', '"yes"'), 'detach'],
];

test('a bad body is a problem that names the field, on a connection that goes on', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  for (const target of ['/api/v1/chat', '/api/v1/chat/stream']) {
    const connection = await RawConnection.open(service);
    for (const [what, body, field] of bodies) {
      connection.send(post(body, { target }));
      const json = problem(await connection.response(), { status: 400, field }, what);
      assert.ok(!json.detail.includes('x'.repeat(200)), `${what}: the problem does not repeat the input`);
    }
    // All on one connection, and it still takes a turn.
    connection.send(good);
    const { status, body } = await connection.response();
    assert.equal(status, 200);
    assert.ok(JSON.parse(body).message.includes('$66.99'));
    connection.close();
  }
  const { json } = await get(service, '/api/v1/agents');
  assert.equal(json.agents.reduce((sum, agent) => sum + agent.turns, 0), 2, 'no bad input reached an agent');
});

/// Whole requests that are refused; `goes_on` where the connection can be used again.
const requests = [
  { what: 'an unknown path', send: 'GET /nope HTTP/1.1\r\nHost: localhost\r\n\r\n', status: 404, code: 'not_found', goes_on: true },
  { what: 'an unknown agent', send: 'GET /api/v1/agents/nobody HTTP/1.1\r\nHost: localhost\r\n\r\n', status: 404, code: 'not_found', goes_on: true },
  { what: 'the wrong method', send: 'GET /api/v1/chat HTTP/1.1\r\nHost: localhost\r\n\r\n', status: 405, goes_on: true, allow: 'POST' },
  { what: 'another wrong method', send: 'POST /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n', status: 405, goes_on: true, allow: 'GET, HEAD' },
  { what: 'DELETE', send: 'DELETE /api/v1/chat HTTP/1.1\r\nHost: localhost\r\n\r\n', status: 405, goes_on: true },
  { what: 'a form', send: post('message=hi', { type: 'application/x-www-form-urlencoded' }), status: 415, goes_on: true },
  { what: 'plain text', send: post('hi', { type: 'text/plain' }), status: 415, goes_on: true },
  { what: 'a compressed body', send: post('xxxx', { more: 'Content-Encoding: gzip\r\n' }), status: 415, goes_on: true },
  { what: 'an agent that does not exist', send: post(withField('agent', '"nobody"')), status: 404, code: 'not_found', goes_on: true },
  { what: 'a seller agent for a shopper', send: post('{"message":"hi","agent":"pricing","audience":"shopper"}'), status: 403, code: 'forbidden', goes_on: true },
  { what: 'an expectation that nobody knows', send: post('{}', { more: 'Expect: magic\r\n' }), status: 417, goes_on: true },
  { what: 'a body beyond the limit', send: `POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 300000\r\n\r\n`, status: 413 },
  { what: 'headers beyond the limit', send: `GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(20000)}\r\n\r\n`, status: 431 },
  { what: 'a length that is no number', send: 'POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n', status: 400 },
  { what: 'two lengths', send: 'POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello', status: 400 },
  { what: 'a length and chunks', send: 'POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', status: 400 },
  { what: 'a coding that hides where the body ends', send: 'POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\nGET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n', status: 400 },
  { what: 'no HTTP', send: 'hello there\r\n\r\n', status: 400 },
  { what: 'a blank in a header\'s name', send: 'GET /livez HTTP/1.1\r\nHost : x\r\n\r\n', status: 400 },
];

for (const one of requests) {
  test(`${one.what} is answered with ${one.status}`, async (t) => {
    const service = await serve(t, { data: await shop(t) });
    const connection = await RawConnection.open(service);
    connection.send(one.send);
    const response = await connection.response();
    problem(response, one, one.what);
    if (one.allow) assert.match(response.head, new RegExp(`^allow: ${one.allow}\r?$`, 'im'));
    if (one.goes_on) {
      connection.send(good);
      assert.equal((await connection.response()).status, 200, 'the connection goes on');
      connection.close();
    } else {
      assert.match(response.head, /^connection: close\r?$/im);
      connection.socket.end();
      await connection.closed;
    }
    assert.equal((await ask(service, { message: 'how much is AUD-1001?' })).status, 200, 'the service goes on');
  });
}

test('what is at the limit is taken', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const fine = [
    { message: 'x'.repeat(8000) },
    { message: 'ä€😀'.repeat(2000) },
    { message: 'hi', conversation_id: `${'c'.repeat(120)}.A_:-9` },
    { message: 'hi', timeout_ms: 600000, locale: 'en-US', priority: 'speed', task: 'factual' },
    { message: 'hi', context: { page: ['/cart', 2], deep: [[[[[[]]]]]] } },
    { message: 'hi', agent: null, audience: null, customer_id: null, context: null },
    { message: '\u0000 <script>alert(1)</script> \'; DROP TABLE products; -- %s %n "\\' },
    { message: '🏳️‍🌈 \u202eright to left\u202c e\u0301' },
  ];
  for (const turn of fine) {
    const { status, json, text } = await ask(service, turn);
    assert.equal(status, 200, text.slice(0, 300));
    assert.equal(json.status, 'ok');
  }
  const after = await ask(service, { message: 'how much is AUD-1001?', audience: 'shopper' });
  assert.ok(after.json.message.includes('$66.99'), 'no table was dropped');
});

test('a chunked body is taken, and so are two requests in one packet', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const connection = await RawConnection.open(service);
  const body = '{"message":"how much is AUD-1001?"}';
  connection.send('POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n' +
    `${(10).toString(16)}\r\n${body.slice(0, 10)}\r\n${(body.length - 10).toString(16)};ext=1\r\n${body.slice(10)}\r\n0\r\n\r\n`);
  assert.equal((await connection.response()).status, 200);
  connection.send(good + 'GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n');
  assert.ok(JSON.parse((await connection.response()).body).message);
  assert.deepEqual(JSON.parse((await connection.response()).body), { status: 'alive' });
  connection.close();
});

test('a request that is sent byte by byte is a request', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const connection = await RawConnection.open(service);
  connection.socket.setNoDelay(true);
  for (const byte of good) connection.send(byte);
  assert.equal((await connection.response()).status, 200);
  connection.close();
});

test('a request that never ends is given up with 408', async (t) => {
  const service = await serve(t, { data: await shop(t), env: { FLIPSYNC_SERVER_REQUEST_TIMEOUT: '200ms' } });
  const connection = await RawConnection.open(service);
  connection.send('POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\nContent-Type: application/json\r\n\r\n{"mess');
  problem(await connection.response(), { status: 408, code: 'deadline_exceeded' }, 'a slow request');
  await connection.closed;
});

test('a request id is echoed if it is one, and minted if not', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const echoed = await get(service, '/livez', { headers: { 'x-request-id': 'abc-123' } });
  assert.equal(echoed.headers['x-request-id'], 'abc-123');
  const minted = await get(service, '/livez', { headers: { 'x-request-id': 'no good <id>' } });
  assert.ok(minted.headers['x-request-id'] && minted.headers['x-request-id'] !== 'no good <id>');
  const { status, json } = await request(service, 'POST', '/api/v1/chat', {
    body: '{}', headers: { 'x-request-id': 'abc-124' },
  });
  assert.equal(status, 400);
  assert.equal(json.request_id, 'abc-124');
});

test('too many turns at once are refused with Retry-After, and the others are answered', async (t) => {
  const held = gate();
  const server = await scripted(t, async (call, response) => {
    await held.opened;
    sendJson(response, ollamaReply('Done.'));
  });
  const env = ollamaAt(server.url, { FLIPSYNC_TURN_MAX_IN_FLIGHT: '3', OLLAMA_NUM_PARALLEL: '8' });
  const service = await serve(t, { data: await shop(t), env });
  const turn = { message: 'hi', agent: 'executive' };
  const running = Array.from({ length: 3 }, () => ask(service, turn));
  await server.received(3);
  const refused = await ask(service, turn);
  assert.equal(refused.status, 503);
  assert.equal(refused.json.code, 'overloaded');
  assert.ok(Number(refused.headers['retry-after']) >= 1);
  held.open();
  for (const { status } of await Promise.all(running)) assert.equal(status, 200);
  assert.equal((await ask(service, turn)).status, 200);
});
