// The routes beside turns: stored conversations, the roster, the catalogue, imports, caches, providers,
// figures. What real replies look like is held against the schemas of /openapi.json.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { ask, csv, get, request, sample, scratch, serve, shop } from './harness.mjs';

const npm = createRequire(path.join(path.dirname(fileURLToPath(import.meta.url)), 'npm/package.json'));
const Ajv = npm('ajv/dist/2020').default;

const del = (service, target) => request(service, 'DELETE', target);
const post = (service, target, body) => request(service, 'POST', target, { body });
const upload = (service, query, body) =>
  request(service, 'POST', `/api/v1/products/import?${query}`, { body, headers: { 'content-type': 'text/csv' } });

/// Every page of a list, by its cursors.
async function pages(service, target, name) {
  const all = [];
  for (let cursor = ''; ; ) {
    const { status, json } = await get(service, `${target}${target.includes('?') ? '&' : '?'}limit=100${cursor}`);
    assert.equal(status, 200);
    all.push(json[name]);
    if (json.next_cursor === null) return all;
    cursor = `&cursor=${json.next_cursor}`;
  }
}

/// What says whether a reply is as the document says; `check` takes the route and the reply.
async function contract(service) {
  const { json: document } = await get(service, '/openapi.json');
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'api', components: document.components });
  const check = (method, pattern, reply) => {
    const operation = document.paths[pattern]?.[method];
    assert.ok(operation, `${method} ${pattern} is in the document`);
    const response = operation.responses[reply.status] ?? operation.responses.default;
    const [type] = reply.headers['content-type'].split(';');
    assert.ok(response.content[type], `${method} ${pattern} says that it may answer ${type}`);
    const { schema } = response.content[type];
    const valid = ajv.validate({ $ref: `api${schema.$ref}` }, reply.json);
    assert.ok(valid, `${method} ${pattern}: ${ajv.errorsText()} in ${reply.text}`);
  };
  return { document, check };
}

test('250 conversations are listed page by page, the one begun last first, none twice', async (t) => {
  const service = await serve(t, { data: scratch(t) });
  const agent = new http.Agent({ keepAlive: true });
  const ids = [];
  for (let i = 0; i < 250; ++i) {
    const { status, json } = await request(service, 'POST', '/api/v1/chat/conversations', { body: {}, agent });
    assert.equal(status, 201);
    ids.push(json.id);
  }
  agent.destroy();
  const found = await pages(service, '/api/v1/chat/conversations', 'conversations');
  assert.deepEqual(found.map((page) => page.length), [100, 100, 50]);
  assert.deepEqual(found.flat().map(({ id }) => id), ids.reverse());
});

test('a conversation keeps its messages, goes on, and is gone once it is deleted', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const { json: begun } = await post(service, '/api/v1/chat/conversations', { customer_id: 'c7', audience: 'shopper' });
  const here = `/api/v1/chat/conversations/${begun.id}`;
  for (const message of ['do you have running belts?', 'what does it cost?']) {
    const turn = await post(service, `${here}/messages`, { message, audience: 'shopper' });
    assert.equal(turn.status, 200);
    assert.equal(turn.json.conversation_id, begun.id);
  }
  const { json: summary } = await get(service, here);
  assert.equal(summary.messages, 4);
  assert.equal(summary.customer_id, 'c7');
  const { json: first } = await get(service, `${here}/messages?limit=3`);
  assert.deepEqual(first.messages.map(({ role }) => role), ['user', 'assistant', 'user']);
  const { json: rest } = await get(service, `${here}/messages?limit=3&cursor=${first.next_cursor}`);
  assert.deepEqual(rest.messages.map(({ number }) => number), [4]);
  assert.equal(rest.next_cursor, null);
  assert.equal((await del(service, here)).status, 204);
  const said = { message: 'hello' };
  for (const reply of [
    await get(service, here), await get(service, `${here}/messages`), await del(service, here),
    await post(service, `${here}/messages`, said),
  ])
    assert.equal(reply.status, 404);
  // What is said under the same name begins anew: nothing live remembers.
  await ask(service, { ...said, conversation_id: begun.id });
  assert.equal((await get(service, here)).json.messages, 2);
});

test('a shopper does not see what a seller talked about', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const { json } = await ask(service, { message: 'what is running low?', audience: 'seller' });
  const here = `/api/v1/chat/conversations/${json.conversation_id}/messages`;
  assert.equal((await get(service, here)).status, 200);
  assert.equal((await get(service, `${here}?audience=shopper`)).status, 404);
});

test('a paused agent says so, is shown as paused, and answers again once it is resumed', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const asked = { message: 'what is running low?', agent: 'inventory' };
  assert.equal((await post(service, '/api/v1/agents/inventory/pause')).json.state, 'paused');
  const refused = await ask(service, asked);
  assert.equal(refused.status, 503);
  assert.equal(refused.json.code, 'agent_down');
  assert.equal(refused.json.state, 'paused');
  assert.equal((await get(service, '/api/v1/agents/inventory')).json.state, 'paused');
  assert.equal((await post(service, '/api/v1/agents/inventory/resume')).json.state, 'up');
  assert.equal((await ask(service, asked)).status, 200);
  assert.equal((await post(service, '/api/v1/agents/nobody/pause')).status, 404);
});

test('products are found, paged and shown, and a shopper sees no cost', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const rows = csv(sample('products'));
  const seen = new Set();
  for (let offset = 0; offset < rows.length; offset += 50) {
    const { json } = await get(service, `/api/v1/products?limit=50&offset=${offset}`);
    assert.equal(json.total, rows.length);
    for (const { sku } of json.products) seen.add(sku);
  }
  assert.equal(seen.size, rows.length);
  const { sku } = rows[0];
  assert.ok('cost' in (await get(service, `/api/v1/products/${sku}`)).json);
  assert.ok(!('cost' in (await get(service, `/api/v1/products/${sku}?audience=shopper`)).json));
  const { json: cheap } = await get(service, '/api/v1/products?audience=shopper&max_price=20&in_stock&limit=50');
  assert.ok(cheap.products.length > 0);
  for (const { price, cost } of cheap.products) {
    assert.ok(price <= 20);
    assert.equal(cost, undefined);
  }
  assert.equal((await get(service, '/api/v1/products/none')).status, 404);
  assert.equal((await get(service, '/api/v1/products?colour=red')).json.field, 'colour');
});

test('a shopper gets products for adults only with a confirmed age, and is told of no more', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const cigars = await upload(service, 'kind=products', 'sku,title,price,category\nTOB-1,Fine cigars,20,Tobacco\n');
  assert.equal(cigars.status, 200);
  const wine = (await get(service, '/api/v1/products?category=Wine&limit=50')).json;
  assert.ok(wine.total > 30);
  const { sku } = wine.products[0];
  for (const [query, all] of [['category=Wine', wine.total], ['category=Tobacco', 1]]) {
    const shopper = (await get(service, `/api/v1/products?audience=shopper&${query}`)).json;
    assert.deepEqual([shopper.total, shopper.products.length], [0, 0], query);
    assert.equal((await get(service, `/api/v1/products?audience=shopper&age_confirmed=true&${query}`)).json.total, all);
  }
  for (const one of [sku, 'TOB-1']) {
    assert.equal((await get(service, `/api/v1/products/${one}?audience=shopper`)).status, 404);
    assert.equal((await get(service, `/api/v1/products/${one}?audience=shopper&age_confirmed`)).status, 200);
    assert.equal((await get(service, `/api/v1/products/${one}`)).status, 200);
  }
  const seen = new Set();
  const { total } = (await get(service, '/api/v1/products?audience=shopper&limit=1')).json;
  for (let offset = 0; offset < total; offset += 50)
    for (const each of (await get(service, `/api/v1/products?audience=shopper&limit=50&offset=${offset}`)).json.products) {
      assert.ok(!each.age_restricted && each.category !== 'Tobacco', each.sku);
      seen.add(each.sku);
    }
  assert.equal(seen.size, total);
});

test('a bad row changes nothing and is named by its line, a good file is there at once', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const bad = await upload(service, 'kind=products', 'sku,title,price\nN-1,New,5\nN-2,Broken,cheap\n');
  assert.equal(bad.status, 422);
  assert.equal(bad.json.report.committed, false);
  assert.deepEqual(bad.json.report.rejections.map(({ line }) => line), [3]);
  assert.equal((await get(service, '/api/v1/products/N-1')).status, 404);
  const dry = await upload(service, 'kind=products&dry_run', 'sku,title,price\nN-1,New,5\n');
  assert.deepEqual([dry.status, dry.json.committed, dry.json.inserted], [200, false, 1]);
  const good = await upload(service, 'kind=products&format=ndjson', '{"sku":"N-1","title":"New","price":5}\n');
  assert.deepEqual([good.status, good.json.committed, good.json.inserted], [200, true, 1]);
  assert.equal((await get(service, '/api/v1/products/N-1')).json.title, 'New');
  const mapped = await upload(service, `kind=products&map=${encodeURIComponent('sku=Item No;title=Name;price=Gross')}`,
    'Item No,Name,Gross\nN-2,Mapped,7.50\n');
  assert.equal(mapped.json.inserted, 1);
  assert.equal((await get(service, '/api/v1/products/N-2')).json.price, 7.5);
  assert.equal((await upload(service, 'kind=products&map=/etc/passwd', 'a\n1\n')).status, 400);
});

/// A catalogue of so many rows as CSV text.
const catalogue = (rows) =>
  `sku,title,price\n${Array.from({ length: rows }, (_, i) => `B-${i},Thing number ${i},${(i % 90) + 1}.50`).join('\n')}\n`;

test('while a large file is imported the service answers, and a second import waits outside', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const text = catalogue(60_000);
  const call = http.request({ host: '127.0.0.1', port: service.port, method: 'POST', agent: false,
    path: '/api/v1/products/import?kind=products', headers: { 'content-length': Buffer.byteLength(text) } });
  call.write(text.slice(0, 1000));
  // The first is under way once the second is refused.
  let second;
  do second = await upload(service, 'kind=products', 'sku,title,price\nN-1,New,5\n');
  while (second.status === 200);
  assert.equal(second.status, 503);
  assert.ok(Number(second.headers['retry-after']) > 0);
  call.end(text.slice(1000));
  const ended = once(call, 'response');
  const turn = await ask(service, 'what is running low?');
  assert.equal(turn.status, 200);
  const [response] = await ended;
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  assert.equal(JSON.parse(Buffer.concat(chunks).toString()).inserted, 60_000);
});

test('a client that leaves in the middle of its file changes nothing, and the next import runs', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const call = http.request({ host: '127.0.0.1', port: service.port, method: 'POST', agent: false,
    path: '/api/v1/products/import?kind=products', headers: { 'content-length': 1_000_000 } });
  call.on('error', () => {});
  call.write('sku,title,price\nN-1,New,5\n');
  await once(call, 'socket');
  call.destroy();
  let next;
  do next = await upload(service, 'kind=products', 'sku,title,price\nN-2,New,5\n');
  while (next.status === 503);
  assert.equal(next.status, 200);
  assert.equal((await get(service, '/api/v1/products/N-1')).status, 404);
});

test('kill -9 in the middle of an import leaves the catalogue as it was or as it was to be', async (t) => {
  const data = await shop(t);
  const text = catalogue(40_000);
  const before = csv(sample('products')).length;
  let service = await serve(t, { data });
  const call = http.request({ host: '127.0.0.1', port: service.port, method: 'POST', agent: false,
    path: '/api/v1/products/import?kind=products', headers: { 'content-length': Buffer.byteLength(text) } });
  call.on('error', () => {});
  // The whole file is with the kernel or the service when this returns; the import has begun or will.
  await new Promise((resolve) => { call.end(text, resolve); });
  await service.kill();
  service = await serve(t, { data });
  const { json } = await get(service, '/api/v1/products?limit=1');
  assert.ok([before, before + 40_000].includes(json.total), `${json.total} products`);
  assert.deepEqual(fs.readdirSync(data).filter((name) => name.startsWith('import')), []);
  const again = await upload(service, 'kind=products', text);
  assert.equal(again.json.inserted + again.json.unchanged, 40_000);
});

test('a file beyond 64 MiB is refused before it is sent', async (t) => {
  const service = await serve(t, { data: scratch(t) });
  const call = http.request({ host: '127.0.0.1', port: service.port, method: 'POST', agent: false,
    path: '/api/v1/products/import?kind=products', headers: { 'content-length': 64 * 1024 * 1024 + 1 } });
  call.flushHeaders();
  const [response] = await once(call, 'response');
  assert.equal(response.statusCode, 413);
  call.destroy();
});

test('real replies are as /openapi.json says, and every route of the index is in it', async (t) => {
  const service = await serve(t, { data: await shop(t), env: { FLIPSYNC_SERVER_BENCHMARK: 'true' } });
  const { document, check } = await contract(service);
  assert.equal(document.openapi, '3.1.0');
  const { json: turn } = await ask(service, 'what is running low?');
  const { json: conversation } = await post(service, '/api/v1/chat/conversations', {});
  const here = `/api/v1/chat/conversations/${turn.conversation_id}`;
  const sku = csv(sample('products'))[0].sku;
  const calls = [
    ['get', '/livez'], ['get', '/readyz'], ['get', '/health'], ['get', '/api/v1/metrics'],
    ['get', '/api/v1/agents'], ['get', '/api/v1/agents/{name}', '/api/v1/agents/market'],
    ['post', '/api/v1/agents/{name}/pause', '/api/v1/agents/market/pause'],
    ['post', '/api/v1/agents/{name}/resume', '/api/v1/agents/market/resume'],
    ['get', '/api/v1/agents/{name}', '/api/v1/agents/nobody'],
    ['post', '/api/v1/chat', undefined, { message: 'hello' }],
    ['post', '/api/v1/chat', undefined, { message: '' }],
    ['get', '/api/v1/chat/conversations'], ['post', '/api/v1/chat/conversations', undefined, {}],
    ['get', '/api/v1/chat/conversations/{id}', here],
    ['get', '/api/v1/chat/conversations/{id}/messages', `${here}/messages`],
    ['post', '/api/v1/chat/conversations/{id}/messages', `${here}/messages`, { message: 'and more?' }],
    ['post', '/api/v1/ai/chat', undefined, { message: 'hello', context: 'x' }],
    ['get', '/api/v1/products', '/api/v1/products?q=belt'],
    ['get', '/api/v1/products/{sku}', `/api/v1/products/${sku}`],
    ['post', '/api/v1/products/import', '/api/v1/products/import?kind=products&dry_run',
      fs.readFileSync(sample('products'), 'utf8')],
    ['get', '/api/v1/cache'], ['delete', '/api/v1/cache'],
    ['post', '/api/v1/cache/warm', undefined, { messages: ['what is running low?', 'hello'] }],
    ['post', '/api/v1/benchmark', '/api/v1/benchmark?iterations=3'],
    ['post', '/api/v1/ws/ticket'],
    ['get', '/openapi.json'],
    ['get', '/api/v1/providers', '/api/v1/providers?check&models'],
    ['get', '/v1/models'],
  ];
  for (const [method, pattern, target = pattern, body] of calls)
    check(method, pattern, await request(service, method.toUpperCase(), target, { body }));
  assert.equal((await del(service, `/api/v1/chat/conversations/${conversation.id}`)).status, 204);
});

test('figures and providers tell what the turns came to', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  for (let i = 0; i < 3; ++i) await ask(service, { message: 'what is running low?', customer_id: `c${i % 2}` });
  const { json } = await get(service, '/metrics', { headers: { accept: 'application/json' } });
  assert.equal(json.turns.ended, 3);
  assert.equal(json.active_users, 2);
  assert.equal(json.conversations_last_day, 3);
  assert.ok(json.process.memory_bytes > 0);
  const chat = json.http.routes.find(({ route }) => route === '/api/v1/chat');
  assert.equal(chat.requests, 3);
  assert.ok(chat.latency_ms.p99 >= chat.latency_ms.p50 && chat.latency_ms.p50 > 0);
  const { json: all } = await get(service, '/api/v1/providers?check');
  const primary = all.providers.find((provider) => provider.primary);
  assert.equal(primary.check, 'ok');
  assert.ok(primary.attempts >= 3);
});
