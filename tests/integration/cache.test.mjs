// Kept answers and shared calls over real sockets: what the caller gets, and how often the model is asked.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import { test } from 'node:test';

import { get, request, run, sample, scratch, serve, shop } from './harness.mjs';
import { deadAddress, gate, openaiAt, openaiClient, openaiReply, scripted, sendJson } from './providers.mjs';

const { clientOf } = openaiClient();
const model = 'gpt-4-turbo';
const newProduct = 'CCH-0001,A new thing,9.99,Norvane,Audio,Headphones,New.,5.00,3,21,0.17,11,260,music,false,Black,,,,';
const on = { ENABLE_CACHING: 'true' };
const asking = (content, more = {}) => ({ model, temperature: 0, messages: [{ role: 'user', content }], ...more });

const cached = async (service, name) => {
  const { json } = await get(service, '/api/v1/cache');
  return json.caches.filter((row) => row.class === name);
};
const ask = (service, body, headers = {}) => request(service, 'POST', '/v1/chat/completions', { body, headers });

const numbered = (t) => scripted(t, (_, response, number) => sendJson(response, openaiReply(`answer ${number}`)));

test('a request asked again is answered by the door, under an id of its own', async (t) => {
  const provider = await numbered(t);
  const service = await serve(t, { data: scratch(t), env: { ...openaiAt(provider.url), ...on } });
  const first = await ask(service, asking('hello'));
  const again = await ask(service, asking('hello'), { 'x-request-id': 'mine' });
  assert.equal(provider.requests.length, 1);
  assert.equal(again.headers['x-flipsync-cache'], 'hit');
  assert.equal(first.headers['x-flipsync-cache'], undefined);
  assert.equal(again.headers['x-request-id'], 'mine');
  assert.equal(again.json.choices[0].message.content, 'answer 1');
  assert.equal(again.json.flipsync.cached, true);
  assert.equal(again.json.flipsync.provider, 'openai');
  assert.equal(again.json.flipsync.model, model);
  assert.deepEqual([first.json.usage.total_tokens, again.json.usage.total_tokens], [18, 0]);
  assert.notEqual(again.json.id, first.json.id);
  assert.equal(again.json.id, `chatcmpl-${again.json.flipsync.turn}`);
  assert.ok(Math.abs(again.json.created - Date.now() / 1000) < 60);
  const [turns] = await cached(service, 'turns');
  assert.equal(turns.hits, 1);
  // Another spelling of the same question is no longer the same bytes; the model cache knows it.
  const spaced = await ask(service, JSON.stringify(asking('hello'), null, 1));
  assert.equal(spaced.headers['x-flipsync-cache'], undefined);
  assert.equal(spaced.json.flipsync.cached, true);
  assert.equal(provider.requests.length, 1);
  const [answers] = await cached(service, 'model');
  assert.deepEqual([answers.provider, answers.hits, answers.misses, answers.saved_tokens], ['openai', 1, 1, 18]);
  const { text } = await get(service, '/metrics');
  assert.match(text, /flipsync_cache_hits_total\{class="model",provider="openai"\} 1\n/);
});

test('a completion that names itself is the same again, and none that the door kept', async (t) => {
  const provider = await numbered(t);
  const service = await serve(t, { data: scratch(t), env: { ...openaiAt(provider.url), ...on } });
  await ask(service, asking('hello'));
  const named = await ask(service, asking('hello'), { 'idempotency-key': 'a' });
  assert.equal(named.headers['x-flipsync-cache'], undefined);
  assert.equal(named.headers['idempotency-replayed'], undefined);
  const again = await ask(service, asking('hello'), { 'idempotency-key': 'a' });
  assert.equal(again.headers['idempotency-replayed'], 'true');
  assert.equal(again.text, named.text);
});

test('what the caches saved is told alike by their list, the metrics and the command line', async (t) => {
  const provider = await numbered(t);
  const service = await serve(t, { data: scratch(t), env: { ...openaiAt(provider.url), ...on } });
  const oneAnswer = 0.00032; // 11 tokens at $10 and 7 at $30 per million
  await ask(service, asking('hello'));
  const hit = await ask(service, asking('hello'));
  assert.deepEqual([hit.json.flipsync.cost_usd, hit.json.flipsync.saved_usd], [0, oneAnswer]);
  // Answered by the model cache, and then at the door: saved as much as one that was paid for.
  const spaced = JSON.stringify(asking('hello'), null, 1);
  for (let i = 0; i < 3; ++i) assert.equal((await ask(service, spaced)).json.flipsync.saved_usd, oneAnswer);
  const [turns] = await cached(service, 'turns');
  assert.deepEqual([turns.hits, turns.saved_tokens, turns.saved_usd], [3, 54, 0.00096]);
  assert.ok(turns.saved_ms > 0);
  const [answers] = await cached(service, 'model');
  assert.deepEqual([answers.hits, answers.saved_tokens, answers.saved_usd], [1, 18, oneAnswer]);
  const { text } = await get(service, '/metrics');
  assert.match(text, /flipsync_cache_saved_tokens_total\{class="turns"\} 54\n/);
  assert.match(text, /flipsync_cache_saved_micro_usd_total\{class="turns"\} 960\n/);
  assert.equal((await get(service, '/api/v1/metrics')).json.saved_usd, 0.00128);
  const { caches } = JSON.parse((await run(['cache', 'stats', '--url', service.url])).stdout);
  assert.equal(caches.find((row) => row.class === 'turns').saved_tokens, 54);
});

test('the official client streams a kept answer as any other', async (t) => {
  const provider = await numbered(t);
  const service = await serve(t, { data: scratch(t), env: { ...openaiAt(provider.url), ...on } });
  const client = clientOf(service.url);
  await client.chat.completions.create(asking('hello'));
  for (const expected of ['miss at the door', 'hit at the door']) {
    const chunks = [];
    const stream = await client.chat.completions.create(
      asking('hello', { stream: true, stream_options: { include_usage: true } }),
    );
    for await (const chunk of stream) chunks.push(chunk);
    const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
    assert.equal(text, 'answer 1', expected);
    assert.equal(chunks.at(-1).usage.total_tokens, 0, expected);
    assert.equal(new Set(chunks.map(({ id }) => id)).size, 1, expected);
  }
  assert.equal(provider.requests.length, 1);
  assert.equal((await cached(service, 'turns'))[0].hits, 1);
});

test('a header asks for a fresh answer or for the cache, and nothing else', async (t) => {
  const provider = await numbered(t);
  const service = await serve(t, { data: scratch(t), env: { ...openaiAt(provider.url), ...on } });
  await ask(service, asking('hello'));
  for (const headers of [{ 'cache-control': 'no-cache' }, { 'x-flipsync-cache': 'no' }])
    assert.equal((await ask(service, asking('hello'), headers)).json.flipsync.cached, false);
  assert.equal(provider.requests.length, 3);
  const warm = asking('hello', { temperature: 1.1 });
  await ask(service, warm);
  assert.equal((await ask(service, warm)).json.flipsync.cached, false);
  await ask(service, warm, { 'x-flipsync-cache': 'yes' });
  assert.equal((await ask(service, warm, { 'x-flipsync-cache': 'yes' })).json.flipsync.cached, true);
  assert.equal((await ask(service, warm)).json.flipsync.cached, false);
  const wrong = await ask(service, warm, { 'x-flipsync-cache': 'perhaps' });
  assert.equal(wrong.status, 400);
});

test('what is personal, failed or cut short is asked each time', async (t) => {
  const provider = await scripted(t, (message, response) => {
    const [{ content }] = message.json.messages;
    if (content === 'fail') return sendJson(response, '{"error":{"message":"no"}}', 400);
    const reason = content === 'long' ? 'length' : 'stop';
    return sendJson(response, openaiReply('an answer').replace('"finish_reason":"stop"', `"finish_reason":"${reason}"`));
  });
  const service = await serve(t, { data: scratch(t), env: { ...openaiAt(provider.url), ...on } });
  for (const content of ['where is my order', 'fail', 'long']) {
    const before = provider.requests.length;
    await ask(service, asking(content));
    await ask(service, asking(content));
    assert.equal(provider.requests.length, before + 2, content);
  }
});

test('a thousand equal requests at once are one call', async (t) => {
  const let_go = gate();
  const provider = await scripted(t, async (_, response) => {
    await let_go.opened;
    sendJson(response, openaiReply('one answer'));
  });
  const service = await serve(t, { data: scratch(t), env: { ...openaiAt(provider.url), ...on } });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1000 });
  t.after(() => agent.destroy());
  const bodies = [asking('hello'), asking('hello', { stream: true })];
  const calls = Array.from({ length: 1000 }, (_, i) =>
    request(service, 'POST', '/v1/chat/completions', { body: bodies[i % 2], agent }));
  await provider.received(1);
  while ((await get(service, '/health')).json.turns_in_flight < 1000);
  let_go.open();
  let billed = 0;
  for (const { status, text, json } of await Promise.all(calls)) {
    assert.equal(status, 200);
    assert.match(text, /one answer/);
    assert.ok(json || text.trimEnd().endsWith('data: [DONE]'));
    billed += json?.usage.total_tokens ?? 0;
  }
  assert.equal(provider.requests.length, 1);
  assert.ok(billed <= 18);
  const [answers] = await cached(service, 'model');
  assert.equal(answers.shared, 999);
});

test('the last one to leave closes the call, those before it do not', async (t) => {
  const closed = gate();
  const provider = await scripted(t, (_, response) => response.on('close', () => closed.open()));
  const service = await serve(t, { data: scratch(t), env: { ...openaiAt(provider.url), ...on } });
  const leaving = () => {
    const call = http.request({ host: '127.0.0.1', port: service.port, method: 'POST', path: '/v1/chat/completions',
      headers: { 'content-type': 'application/json' } });
    call.on('error', () => {});
    call.end(JSON.stringify(asking('hello')));
    return call;
  };
  const in_flight = async (count) => {
    while ((await get(service, '/health')).json.turns_in_flight !== count);
  };
  const first = leaving();
  const second = leaving();
  await provider.received(1);
  await in_flight(2);
  let over = false;
  closed.opened.then(() => { over = true; });
  first.destroy();
  await in_flight(1);
  await get(service, '/livez');
  assert.equal(over, false);
  second.destroy();
  await closed.opened;
  assert.equal(provider.requests.length, 1);
});

test('an agent’s answer is kept until the catalogue changes', async (t) => {
  const provider = await numbered(t);
  const data = await shop(t);
  const service = await serve(t, { data, env: { ...openaiAt(provider.url), ...on, FLIPSYNC_MODELS_TEMPERATURE: '0.2' } });
  const question = { model: 'flipsync', messages: [{ role: 'user', content: 'which products are low in stock' }] };
  const first = await ask(service, question);
  const asked = provider.requests.length;
  const again = await ask(service, question);
  assert.equal(again.headers['x-flipsync-cache'], 'hit');
  assert.equal(again.json.choices[0].message.content, first.json.choices[0].message.content);
  assert.equal(again.json.flipsync.agent, first.json.flipsync.agent);
  assert.equal(provider.requests.length, asked);
  const upload = await request(service, 'POST', '/api/v1/products/import?kind=products', {
    body: `${fs.readFileSync(sample('products'), 'utf8').split('\n')[0]}\n${newProduct}\n`,
    headers: { 'content-type': 'text/csv' },
  });
  assert.equal(upload.status, 200, upload.text);
  const fresh = await ask(service, question);
  assert.equal(fresh.headers['x-flipsync-cache'], undefined);
  assert.ok(provider.requests.length > asked);
});

test('entries are cleared by provider and class', async (t) => {
  const provider = await numbered(t);
  const service = await serve(t, { data: scratch(t), env: { ...openaiAt(provider.url), ...on } });
  const clear = async (query) => (await request(service, 'DELETE', `/api/v1/cache${query}`)).json.cleared;
  await ask(service, asking('hello'));
  assert.equal(await clear('?class=chat'), 0);
  assert.equal(await clear('?provider=openai&class=model'), 2);
  await ask(service, asking('hello'));
  assert.equal(provider.requests.length, 2);
  assert.equal((await request(service, 'DELETE', '/api/v1/cache?provider=nobody')).status, 404);
  assert.equal((await request(service, 'DELETE', '/api/v1/cache?class=nothing')).status, 404);
  assert.equal(await clear(''), 2);
});

test('configured questions are asked at the start, as real turns', async (t) => {
  const provider = await numbered(t);
  const data = await shop(t);
  const service = await serve(t, { data, env: {
    ...openaiAt(provider.url), ...on, FLIPSYNC_MODELS_TEMPERATURE: '0.2', FLIPSYNC_CACHE_WARM: 'what is low in stock',
  } });
  await provider.received(1);
  while ((await get(service, '/health')).json.turns_in_flight > 0);
  const asked = provider.requests.length;
  const reply = await ask(service, { model: 'flipsync', messages: [{ role: 'user', content: 'what is low in stock' }] });
  assert.equal(reply.status, 200);
  assert.equal(reply.json.flipsync.cached, true);
  assert.equal(provider.requests.length, asked);
});

test('the command line shows the caches and clears them', async (t) => {
  const provider = await numbered(t);
  const service = await serve(t, { data: scratch(t), env: { ...openaiAt(provider.url), ...on } });
  await ask(service, asking('hello'));
  const stats = await run(['cache', 'stats', '--url', service.url]);
  assert.equal(stats.code, 0, stats.stderr);
  assert.equal(JSON.parse(stats.stdout).caches.find((row) => row.class === 'model').entries, 1);
  const cleared = await run(['cache', 'clear', '--url', service.url, '--provider', 'openai']);
  assert.deepEqual([cleared.code, JSON.parse(cleared.stdout)], [0, { cleared: 2 }]);
  assert.equal((await run(['cache', 'clear', '--url', service.url, '--class', 'nothing'])).code, 2);
  assert.equal((await run(['cache', 'stats', '--url', await deadAddress()])).code, 3);
});
