// Many at once: what is too much is refused, what was taken is answered, and afterwards all is as before.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';

import { ask, get, RawConnection, serve, shop, stream } from './harness.mjs';
import { gate, openaiAt, openaiReply, scripted, sendJson } from './providers.mjs';

const turn = { message: 'what should I do today?', agent: 'executive' };

/// Resident memory of the service, in MiB.
function resident(service) {
  const kib = /^VmRSS:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${service.pid}/status`, 'utf8'))[1];
  return Number(kib) / 1024;
}

/// The value of a metric without labels.
async function metric(service, name) {
  const { text } = await get(service, '/metrics');
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

/// Resolves once nothing is left of the load: no turn, and no socket but the one that asks.
async function idle(service) {
  for (;;) {
    const { json } = await get(service, '/health');
    if (json.turns_in_flight === 0 && (await metric(service, 'flipsync_http_open_sockets')) <= 1) return;
  }
}

const post = (body) =>
  'POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n' +
  `Connection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/// Bare sockets, since a thousand of node's own HTTP calls would keep this process busy, not the service.
async function openMany(service, count) {
  const opened = [];
  for (let i = 0; i < count; i += 250) // as many as a listener's backlog holds for sure
    opened.push(...(await Promise.all(
      Array.from({ length: Math.min(250, count - i) }, () => RawConnection.open(service)),
    )));
  return opened;
}

test('of 5,000 requests at once 1,000 are answered and 4,000 refused, and then all is as before', async (t) => {
  const held = gate();
  const provider = await scripted(t, async (call, response) => {
    await held.opened;
    sendJson(response, openaiReply('Done.'));
  });
  // As many turns as the limit are in flight until the last refusal has come, however long that takes.
  const env = openaiAt(provider.url, {
    FLIPSYNC_COSTS_PER_DAY: '0', // so many at once set more aside than the usual limit
    FLIPSYNC_TURN_DEADLINE: '100s',
    FLIPSYNC_MODELS_ATTEMPT_TIMEOUT: '100s',
  });
  const service = await serve(t, { data: await shop(t), env });

  async function flood() {
    let refused = 0;
    const answered = [];
    const body = post(JSON.stringify(turn));
    const calls = (await openMany(service, 5000)).map(async (connection) => {
      connection.send(body);
      const { status, head, body: text } = await connection.response();
      connection.close();
      if (status === 503) {
        assert.match(head, /^retry-after: \d+/im);
        assert.equal(JSON.parse(text).code, 'overloaded');
        if (++refused === 4000) held.open();
      } else {
        assert.equal(status, 200, text);
        assert.equal(JSON.parse(text).message, 'Done.');
        answered.push(text);
      }
    });
    await Promise.all(calls);
    return { refused, answered: answered.length };
  }

  assert.deepEqual(await flood(), { refused: 4000, answered: 1000 });
  await idle(service);
  assert.equal((await get(service, '/readyz')).status, 200);
  assert.equal((await ask(service, turn)).json.message, 'Done.');
  const after = resident(service);
  t.diagnostic(`resident after the flood: ${after.toFixed(0)} MiB`);
  assert.ok(after < 512, `${after} MiB are still held`);
});

test('1,000 streams at once are each whole, in order and without an error', async (t) => {
  const all = 1000;
  const held = gate();
  const pieces = ['One ', 'after ', 'the ', 'other.'];
  const chunk = (delta, finish = null) =>
    `data: ${JSON.stringify({ id: 'c', model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const provider = await scripted(t, async (call, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk({ content: pieces[0] }));
    await held.opened; // until every client has seen its first token
    for (const text of pieces.slice(1)) response.write(chunk({ content: text }));
    response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`);
  });
  const env = openaiAt(provider.url, {
    FLIPSYNC_COSTS_PER_DAY: '0', // so many at once set more aside than the usual limit
    FLIPSYNC_OPENAI_MAX_CONCURRENT: String(all),
    FLIPSYNC_MODELS_MAX_CONNECTIONS: String(all),
    FLIPSYNC_TURN_DEADLINE: '100s',
    FLIPSYNC_MODELS_ATTEMPT_TIMEOUT: '100s',
  });
  const service = await serve(t, { data: await shop(t), env });
  let begun = 0;
  const one = async () => {
    const { events } = await stream(service, turn);
    let text = '';
    let seq = 0;
    let last;
    for await (const { data } of events) {
      assert.equal(data.seq, (seq += 1));
      if (data.type === 'token') {
        if (text === '' && ++begun === all) held.open();
        text += data.text;
      }
      last = data;
    }
    assert.equal(last.type, 'completed', JSON.stringify(last));
    assert.equal(text, pieces.join(''));
    assert.equal(last.reply.message, text);
  };
  await Promise.all(Array.from({ length: all }, one));
  await idle(service);
});

test('clients that say nothing, little or half keep nobody else waiting, and are let go', async (t) => {
  const env = { FLIPSYNC_SERVER_REQUEST_TIMEOUT: '1s', FLIPSYNC_SERVER_IDLE_TIMEOUT: '2s' };
  const service = await serve(t, { data: await shop(t), env });
  const silent = await openMany(service, 300);
  const slow = await openMany(service, 300);
  for (const connection of slow) connection.send('POST /api/v1/chat HTTP/1.1\r\nHost: a\r\nX-Slow: ');
  const half = await openMany(service, 300);
  for (const connection of half) {
    connection.send('POST /api/v1/chat HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{');
    connection.socket.end(); // says that it sends no more, and stays to read
  }
  for (let i = 0; i < 20; i += 1) assert.equal((await ask(service, turn)).status, 200);
  const answers = await Promise.all(slow.map((connection) => connection.response()));
  assert.ok(answers.every(({ status }) => status === 408));
  await Promise.all([...silent, ...slow, ...half].map(({ closed }) => closed));
  await idle(service);
});
