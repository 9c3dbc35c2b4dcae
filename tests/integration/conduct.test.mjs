// Every row of "conduct under fault" × every vendor × streamed and whole, over real sockets: what the
// caller gets, and what the provider sees of us. `fault_table.mjs` prints the rows for docs/providers.md.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import { describe, test } from 'node:test';

import { keyOf, reasonAgainst, rows, sound, table, twoKeys } from './fault_rows.mjs';
import { ask, get, scratch, serve, stream, streamed } from './harness.mjs';
import { deadAddress } from './providers.mjs';
import { vendors } from './vendors.mjs';

const names = (process.env.FLIPSYNC_TEST_VENDORS ?? Object.keys(vendors).join()).split(',');

/// Limits that are reached within the test, and breakers that stay out of the other rows' way.
const limits = (name) => {
  const own = (option) => `FLIPSYNC_${name.toUpperCase()}_${option}`;
  return {
    FLIPSYNC_MODELS_RETRY_BASE: '5ms',
    FLIPSYNC_MODELS_RATE_LIMIT_RETRY_BASE: '20ms',
    FLIPSYNC_MODELS_RETRY_TOKENS: '1000',
    FLIPSYNC_MODELS_RETRY_TOKENS_PER_SUCCESS: '100',
    FLIPSYNC_MODELS_BREAKER_FAILURES: '1000',
    FLIPSYNC_MODELS_BREAKER_WINDOW: '64',
    FLIPSYNC_MODELS_BREAKER_PERCENT: '100',
    FLIPSYNC_TURN_MAX_REPLY: '64KiB',
    FLIPSYNC_TURN_DEADLINE: '8s',
    FLIPSYNC_OLLAMA_PREWARM: 'false',
    FLIPSYNC_ROUTING_BY_COMPLEXITY: 'false', // one model; what the fast tier does has a test of its own
    [own('FIRST_BYTE_TIMEOUT')]: '300ms',
    [own('FIRST_TOKEN_TIMEOUT')]: '400ms',
    [own('IDLE_TIMEOUT')]: '600ms',
  };
};

/// A server that plays a vendor; the message names the row ("row 503_once whole"), so that one server
/// serves all rows. `seen(key)` are the requests of a row: {at, socket}.
async function player(t, vendor, play) {
  const requests = new Map();
  const server = http.createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    if (!text) return response.writeHead(404).end();
    request.json = JSON.parse(text);
    const key = /row (\w+ \w+)/.exec(text)[1];
    if (!requests.has(key)) requests.set(key, []);
    const closed = new Promise((resolve) => request.socket.once('close', resolve));
    requests.get(key).push({ at: performance.now(), closed, key: keyOf(request) });
    response.on('error', () => {});
    play(vendor, request, response, requests.get(key).length, key.split(' ')[0]);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, seen: (key) => requests.get(key) ?? [] };
}

const byId = new Map(rows.map((row) => [row.id, row]));
const playRow = (vendor, request, response, number, id) => byId.get(id).does(vendor, request, response, number);

/// The first provider, faulty, the second, sound, and the services between them and us.
async function stage(t, name) {
  const other = name === 'openai' ? 'ollama' : 'openai';
  const faulty = await player(t, vendors[name], playRow);
  const healthy = await player(t, vendors[other], (vendor, request, response) =>
    sound(vendor, request, response, 'From the second.'));
  const env = (url, fallback = true) => ({
    ...(fallback ? vendors[other].env(healthy.url) : {}),
    ...vendors[name].env(url),
    ...limits(name),
  });
  const start = async (variables, on = t) => serve(on, { data: scratch(on), env: variables });
  const kept = new Map();
  const make = {
    main: () => start(env(faulty.url)),
    alone: () => start({ ...env(faulty.url, false), [`FLIPSYNC_${name.toUpperCase()}_MODEL_LONG`]: 'roomy' }),
    dead: async () => start(env(await deadAddress())),
    tls: () => start(env(faulty.url.replace('http:', 'https:'))),
  };
  return {
    faulty, healthy, other,
    service(kind, on) {
      if (kind === 'own') return start(env(faulty.url), on);
      if (kind === 'two') return start({ ...env(faulty.url), [`${name.toUpperCase()}_API_KEY`]: twoKeys.join() }, on);
      if (!kept.has(kind)) kept.set(kind, make[kind]());
      return kept.get(kind);
    },
  };
}

/// One turn; {status, reply, events, problem}, whichever way it was asked.
async function turnOf(service, key, form) {
  const turn = { message: `row ${key}`, audience: 'seller', agent: 'pricing' };
  if (form === 'whole') {
    const { status, json } = await ask(service, turn);
    return { ok: status === 200, reply: json, code: json.code, events: [] };
  }
  const events = await streamed(service, turn);
  const { event, data } = events.at(-1);
  assert.match(event, /^(completed|failed)$/);
  return { ok: event === 'completed', reply: data.reply, code: data.reply.error?.code, events };
}

/// The tokens that hold, after the last restart.
function shown(events) {
  const restart = events.findLastIndex(({ event }) => event === 'restarted');
  return events.slice(restart + 1).filter(({ event }) => event === 'token').map(({ data }) => data.text).join('');
}

async function judge(on, row, name, form) {
  const key = `${row.id} ${form}`;
  const service = await on.service(row.service ?? 'main', on.t);
  const { ok, reply, code, events } = await turnOf(service, key, form);
  const requests = on.faulty.seen(key);
  const [part] = reply.parts;
  const said = JSON.stringify(reply);

  if (row.refused) {
    assert.equal(ok, false, said);
    assert.equal(code, row.refused, said);
  } else {
    const expected = row.answer === 'same' ? 'From the first.' : 'From the second.';
    assert.ok(ok, said);
    assert.equal(reply.message, expected);
    assert.equal(part.provider, row.answer === 'same' ? name : on.other);
    assert.equal(part.attempts.at(-1).outcome, 'ok');
    assert.equal(reply.usage.in, 11, 'only the answer is billed');
    if (form === 'streamed') assert.equal(shown(events), expected, 'the tokens that hold are the answer');
  }
  const restarts = events.filter(({ event }) => event === 'restarted').length;
  assert.equal(restarts, form === 'streamed' && row.restarted ? 1 : 0, 'restarted');

  assert.ok(requests.length >= row.requests && requests.length <= row.requests + (row.kept ? 1 : 0),
    `${requests.length} requests at the first: ${said}`);
  const failed = part.attempts.filter((one) => one.provider === name && one.outcome !== 'ok');
  assert.equal(failed.length, (row.attempts ?? row.requests) - (row.answer === 'same' ? 1 : 0), said);
  for (const one of failed) assert.ok(one.reason, 'each failed attempt has its reason');
  assert.equal(on.healthy.seen(key).length, row.answer === 'fallback' ? 1 : 0, 'requests at the second');
  if (row.apart) assert.ok(requests[1].at - requests[0].at >= row.apart - 1, `${requests[1].at - requests[0].at} ms apart`);
  if (row.closed) await requests[0].closed;
  if (row.keyIsOut) await judgeKeyIsOut(on, service, row, name, form);
  if (row.keyState) await judgeOtherKey(on, service, row, name, form, part);
}

/// The reply says which key was used, the next turns show the sound one alone, and operators see why;
/// nobody sees a key.
async function judgeOtherKey(on, service, row, name, form, part) {
  const key = `${row.id} ${form}`;
  assert.deepEqual(part.attempts.map((one) => one.key), ['key 1', 'key 2']);
  for (let i = 0; i < 2; ++i) {
    const { ok, reply } = await turnOf(service, key, form);
    assert.ok(ok);
    assert.deepEqual(reply.parts[0].attempts.map((one) => one.key), ['key 2']);
  }
  assert.deepEqual(on.faulty.seen(key).map((one) => one.key), [twoKeys[0], twoKeys[1], twoKeys[1], twoKeys[1]]);
  const shown = await get(service, '/api/v1/providers');
  const { keys, key_refused: refused, breaker } = shown.json.providers.find((one) => one.name === name);
  assert.deepEqual(keys.map((one) => one.state), [row.keyState, 'in_use']);
  assert.deepEqual(keys.map((one) => one.attempts), [1, 3]);
  assert.equal(refused, row.keyState === 'refused');
  assert.equal(breaker, 'closed');
  const { json: health, text: healthText } = await get(service, '/health');
  const { detail } = health.services.find((one) => one.name === `provider:${name}`);
  if (refused) assert.equal(detail, 'of its 2 keys, refused and not used: 1');
  const { text: metrics } = await get(service, '/metrics');
  assert.match(metrics, new RegExp(`flipsync_provider_key_state\\{[^}]*provider="${name}"[^}]*\\} ${refused ? 3 : 1}`));
  for (const text of [JSON.stringify(shown.json), healthText ?? JSON.stringify(health), metrics, JSON.stringify(part)])
    for (const one of twoKeys) assert.ok(!text.includes(one.slice(0, 12)), 'no key is shown');
}

/// The next turn does not show the key again, and health says why.
async function judgeKeyIsOut(on, service, row, name, form) {
  const { ok, reply } = await turnOf(service, `${row.id} ${form}`, form);
  assert.ok(ok);
  assert.deepEqual(reply.parts[0].attempts.map(({ provider }) => provider), [on.other]);
  assert.equal(on.faulty.seen(`${row.id} ${form}`).length, 1);
  assert.match(reply.parts[0].why_model, /refused the key/);
  const { json } = await get(service, '/health');
  assert.match(json.services.find((one) => one.name === `provider:${name}`).detail, /key was refused/);
}

describe('conduct under fault', { concurrency: true }, () => {
  for (const name of names) {
    test(name, async (t) => {
      const on = await stage(t, name);
      for (const row of rows)
        for (const form of ['streamed', 'whole'])
          if (!reasonAgainst(row, name, form))
            await t.test(`${row.fault} · ${form}`, (own) => judge({ ...on, t: own }, row, name, form));
    });
  }
});

test('the table of the documentation is the one that is tested', () => {
  const docs = fs.readFileSync(new URL('../../docs/providers.md', import.meta.url), 'utf8');
  assert.ok(docs.includes(table(names)), 'write it anew: node tests/integration/fault_table.mjs');
});

/// A first provider that can be broken and healed, and a sound second one.
async function outage(t, more = {}) {
  let healthy = false;
  const seen = [];
  const first = await player(t, vendors.openai, (vendor, request, response) => {
    seen.push(performance.now());
    if (healthy) return sound(vendor, request, response);
    response.writeHead(503, { 'content-type': 'application/json' });
    response.end('{"error":{"message":"down"}}');
  });
  const second = await player(t, vendors.ollama, (vendor, request, response) =>
    sound(vendor, request, response, 'From the second.'));
  const service = await serve(t, { data: scratch(t), env: {
    ...vendors.ollama.env(second.url), ...vendors.openai.env(first.url),
    FLIPSYNC_MODELS_RETRY_BASE: '1ms', FLIPSYNC_MODELS_BREAKER_OPEN_FOR: '150ms', ...more,
  } });
  return { service, seen, heal: () => { healthy = true; } };
}

test('an outage opens the breaker, which is seen, and a probe brings the provider back', async (t) => {
  const { service, seen, heal } = await outage(t);
  for (let i = 0; i < 8; ++i) {
    const { ok, reply } = await turnOf(service, `outage turn${i}`, 'whole');
    assert.ok(ok);
    assert.equal(reply.message, 'From the second.');
  }
  assert.ok(seen.length <= 5 + 2, `${seen.length} requests in an outage`);
  const { text } = await get(service, '/metrics');
  assert.match(text, /flipsync_provider_models_out\{provider="openai"\} 1/);
  assert.match(text, /flipsync_provider_failures_total\{[^}]*fault="server_error"[^}]*\} 5/);
  const { json: shown } = await get(service, '/api/v1/providers');
  const out = shown.providers.find(({ name }) => name === 'openai');
  assert.equal(out.models_out.length, 1);
  assert.equal(out.key_refused, false);
  assert.match(text, /gen_ai_client_operation_duration_seconds_count\{[^}]*provider_name="openai"[^}]*\}/);
  heal();
  for (let i = 0; ; ++i) {
    const { reply } = await turnOf(service, `healed turn${i}`, 'whole');
    if (reply.parts[0].provider === 'openai') break;
    assert.match(reply.parts[0].why_model, /openai is left alone after its failures/);
  }
  assert.equal((await get(service, '/health')).json.status, 'ok');
});

test('a client that leaves closes the provider\'s socket within 10 ms', async (t) => {
  let closedNow;
  const waiting = new Promise((resolve) => { closedNow = resolve; });
  const server = await player(t, vendors.openai, (vendor, request, response) => {
    response.writeHead(200, { 'content-type': vendor.streamType });
    response.write(vendor.open + vendor.token('One '));
    request.socket.once('close', () => closedNow(performance.now()));
  });
  const service = await serve(t, { data: scratch(t), env: vendors.openai.env(server.url) });
  const { events, close } = await stream(service, { message: 'row leaves now', agent: 'pricing', audience: 'seller' });
  for await (const { event } of events) if (event === 'token') break;
  const left = performance.now();
  close();
  const closedAt = await waiting;
  assert.ok(closedAt - left < 50, `${closedAt - left} ms from the client's end to ours, both event loops included`);
});
