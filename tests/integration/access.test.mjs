// Who may use the service: keys, roles, tenants, limits, tickets, origins, and keys that appear nowhere.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { ask, get, RawConnection, request, run, serve, shop } from './harness.mjs';
import { gate, ollamaAt, ollamaReply, scripted, sendJson } from './providers.mjs';
import { Socket } from './websocket.mjs';

/// Makes a key with the program, as an operator would.
async function addKey(data, role, { tenant = 'acme', args = [] } = {}) {
  const done = await run(['keys', 'add', '--data', data, '--tenant', tenant, '--role', role, ...args]);
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stdout, /^fsk_[a-z2-7]{52}\n$/);
  return done.stdout.trim();
}

const bearer = (key) => ({ authorization: `Bearer ${key}` });
const withKey = (key, more = {}) => ({ headers: { ...bearer(key), ...more } });

/// A service with a key of each role for two tenants.
async function keyed(t, { args = [], env } = {}) {
  const data = await shop(t);
  const keys = {};
  for (const role of ['shopper', 'seller', 'operator']) keys[role] = await addKey(data, role);
  keys.rival = await addKey(data, 'seller', { tenant: 'rival' });
  const service = await serve(t, { data, args, env });
  return { data, keys, service, file: path.join(data, 'keys.toml') };
}

test('keys are made, listed and revoked, and the file holds only hashes for its owner alone', async (t) => {
  const data = await shop(t);
  const key = await addKey(data, 'shopper', { args: ['--name', 'front', '--messages-per-minute', '60'] });
  await addKey(data, 'operator');
  const file = path.join(data, 'keys.toml');
  assert.equal(fs.statSync(file).mode & 0o777, 0o600);
  assert.ok(!fs.readFileSync(file, 'utf8').includes(key.slice(4, 20)));
  const listed = await run(['keys', 'list', '--json', '--data', data]);
  assert.deepEqual(listed.stdout.trim().split('\n').map(JSON.parse), [
    { name: 'front', tenant: 'acme', role: 'shopper', messages_per_minute: 60 },
    { name: 'acme-operator-1', tenant: 'acme', role: 'operator' },
  ]);
  const again = await run(['keys', 'add', '--data', data, '--role', 'shopper', '--name', 'front']);
  assert.equal(again.code, 2);
  assert.match(again.stderr, /there is a key named 'front'/);
  assert.equal((await run(['keys', 'revoke', 'front', '--data', data])).code, 0);
  assert.equal((await run(['keys', 'revoke', 'front', '--data', data])).code, 2);
  assert.equal((await run(['keys', 'add', '--data', data, '--role', 'admin'])).code, 2);
});

test('each role may what it may, and no more', async (t) => {
  const { keys, service } = await keyed(t);
  for (const target of ['/livez', '/readyz', '/health', '/'])
    assert.equal((await get(service, target)).status, 200, target);
  const none = await ask(service, 'hello');
  assert.equal(none.status, 401);
  assert.equal(none.json.code, 'unauthorized');
  assert.match(none.headers['www-authenticate'], /^Bearer/);
  assert.equal((await ask(service, 'hello', withKey('fsk_made_up'))).status, 401);
  const allowed = {
    '/api/v1/agents': ['seller', 'operator'],
    '/metrics': ['operator'],
  };
  for (const [target, roles] of Object.entries(allowed))
    for (const role of ['shopper', 'seller', 'operator'])
      assert.equal(
        (await get(service, target, withKey(keys[role]))).status,
        roles.includes(role) ? 200 : 403,
        `${role} ${target}`,
      );
  assert.equal((await get(service, '/metrics', { headers: { 'x-api-key': keys.operator } })).status, 200);
});

test('a shopper key asks as a shopper and never as a seller', async (t) => {
  const { keys, service } = await keyed(t);
  const asked = await ask(service, 'what is the margin on AUD-1001?', withKey(keys.shopper));
  assert.equal(asked.status, 200);
  assert.equal(asked.json.agent, 'concierge');
  const seller = { message: 'what is the margin on AUD-1001?', audience: 'seller' };
  assert.equal((await ask(service, seller, withKey(keys.shopper))).status, 403);
  const named = { message: 'what is the margin on AUD-1001?', agent: 'pricing' };
  assert.equal((await ask(service, named, withKey(keys.shopper))).status, 403);
  const told = await ask(service, 'what is the margin on AUD-1001?', withKey(keys.seller));
  assert.equal(told.json.agent, 'pricing');
});

test('two tenants with the same conversation id never see each other', async (t) => {
  const { keys, service } = await keyed(t);
  const conversation_id = 'shared-1';
  const first = await ask(service, { message: 'what is the margin on AUD-1001?', conversation_id }, withKey(keys.seller));
  assert.match(JSON.stringify(first.json), /AUD-1001/);
  const other = await ask(service, { message: 'is it in stock?', conversation_id }, withKey(keys.rival));
  assert.ok(!JSON.stringify(other.json).includes('AUD-1001'), 'the rival is not told what "it" is');
  const own = await ask(service, { message: 'is it in stock?', conversation_id }, withKey(keys.seller));
  assert.match(JSON.stringify(own.json), /AUD-1001/);
});

test('tenants share the shop: each key sees its products, and what another imports', async (t) => {
  const { keys, service } = await keyed(t);
  for (const key of [keys.seller, keys.rival]) {
    const found = await get(service, '/api/v1/products/AUD-1001', withKey(key));
    assert.equal(found.status, 200);
    const { json } = await ask(service, { message: 'what is the margin on AUD-1001?' }, withKey(key));
    assert.match(json.message, /AUD-1001/);
    assert.doesNotMatch(json.message, /no product/);
  }
  const body = 'sku,title,price\nZZZ-9,Shared Lantern,9\n';
  const imported = await request(service, 'POST', '/api/v1/products/import?kind=products', { body, headers: { 'content-type': 'text/csv', ...bearer(keys.operator) } });
  assert.equal(imported.status, 200, imported.text);
  const asked = await ask(service, { message: 'how much is ZZZ-9?', audience: 'shopper' }, withKey(keys.rival));
  assert.match(asked.json.message, /Shared Lantern/);
});

test('an Idempotency-Key gives the same reply, in flight and done, and 409 for another body', async (t) => {
  const held = gate();
  const provider = await scripted(t, async (_, response) => {
    await held.opened;
    sendJson(response, ollamaReply('Twelve are left.'));
  });
  const { keys, service } = await keyed(t, { env: ollamaAt(provider.url) });
  const turn = { message: 'what is our strategy?', agent: 'executive' };
  const options = withKey(keys.seller, { 'idempotency-key': 'order-4711' });
  const first = ask(service, turn, options);
  await provider.received(1);
  const joined = ask(service, turn, options);
  const other = await ask(service, { ...turn, message: 'something else' }, options);
  assert.equal(other.status, 409);
  assert.equal(other.json.field, 'idempotency-key');
  held.open();
  const replies = await Promise.all([first, joined]);
  const replay = await ask(service, turn, options);
  for (const reply of [...replies, replay]) {
    assert.equal(reply.status, 200);
    assert.equal(reply.json.id, replies[0].json.id);
    assert.equal(reply.json.message, 'Twelve are left.');
  }
  assert.equal(replay.headers['idempotency-replayed'], 'true');
  const calls = provider.requests.length;
  const rival = await ask(service, turn, withKey(keys.rival, { 'idempotency-key': 'order-4711' }));
  assert.notEqual(rival.json.id, replay.json.id);
  assert.ok(provider.requests.length > calls, 'the rival has a turn of its own');
});

test('a turn that failed is run again under its Idempotency-Key', async (t) => {
  const provider = await scripted(t, (_, response) => sendJson(response, '{"error":"out of order"}', 400));
  const { keys, service } = await keyed(t, { env: ollamaAt(provider.url) });
  const turn = { message: 'what is our strategy?', agent: 'executive' };
  const options = withKey(keys.seller, { 'idempotency-key': 'again' });
  assert.equal((await ask(service, turn, options)).status, 502);
  provider.answer = (_, response) => sendJson(response, ollamaReply('All is well.'));
  const second = await ask(service, turn, options);
  assert.equal(second.status, 200);
  assert.equal(second.json.message, 'All is well.');
});

test('a tenant\'s limits come from the file, and its places are free again after the turn', async (t) => {
  const data = await shop(t);
  const key = await addKey(data, 'shopper');
  const other = await addKey(data, 'shopper', { tenant: 'rival' });
  fs.appendFileSync(path.join(data, 'keys.toml'), '\n[tenant.acme]\nrequests_per_minute = 2\n');
  const service = await serve(t, { data });
  assert.equal((await ask(service, 'hello', withKey(key))).status, 200);
  assert.equal((await ask(service, 'hello', withKey(key))).status, 200);
  const refused = await ask(service, 'hello', withKey(key));
  assert.equal(refused.status, 429);
  assert.equal(refused.json.code, 'rate_limited');
  assert.ok(Number(refused.headers['retry-after']) >= 29);
  assert.equal((await ask(service, 'hello', withKey(other))).status, 200);
});

test('SIGHUP takes new keys on and lets go of old ones, and a damaged file changes nothing', async (t) => {
  const { data, keys, service, file } = await keyed(t);
  assert.equal((await run(['keys', 'revoke', 'acme-shopper-1', '--data', data])).code, 0);
  const fresh = await addKey(data, 'shopper', { args: ['--name', 'fresh'] });
  assert.equal((await ask(service, 'hello', withKey(fresh))).status, 401);
  service.signal('SIGHUP');
  await service.logged(/event=keys_reloaded/);
  assert.equal((await ask(service, 'hello', withKey(fresh))).status, 200);
  assert.equal((await ask(service, 'hello', withKey(keys.shopper))).status, 401);
  fs.appendFileSync(file, '\n[[key]]\nname = "half');
  service.signal('SIGHUP');
  await service.logged(/event=configuration_kept/);
  assert.equal((await ask(service, 'hello', withKey(fresh))).status, 200);
});

test('the last key that is revoked leaves nobody in, not everybody, until there is another', async (t) => {
  const data = await shop(t);
  const leaked = await addKey(data, 'operator', { args: ['--name', 'leaked'] });
  const service = await serve(t, { data });
  assert.equal((await get(service, '/metrics', withKey(leaked))).status, 200);
  const revoked = await run(['keys', 'revoke', 'leaked', '--data', data]);
  assert.match(revoked.stderr, /the last one of .*keys\.toml/);
  service.signal('SIGHUP');
  await service.logged(/event=keys_all_gone[^]*event=keys_reloaded count=0/);
  for (const options of [withKey(leaked), {}]) assert.equal((await get(service, '/metrics', options)).status, 401);
  const other = await addKey(data, 'operator');
  service.signal('SIGHUP');
  await service.logged(/event=keys_reloaded count=1/);
  assert.equal((await get(service, '/metrics', withKey(other))).status, 200);
});

test('the network is not listened to without keys, and both ways out are named', async (t) => {
  const data = await shop(t);
  const refused = await run(['serve', '--listen', '0.0.0.0:0', '--data', data]);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /flipsync keys add/);
  assert.match(refused.stderr, /--insecure/);
});

test('keys of the environment work and are shown nowhere', async (t) => {
  const data = await shop(t);
  const secret = 'env-secret-0123456789-0123456789-0123456789';
  const env = { FLIPSYNC_API_KEYS: `acme:operator:${secret}` };
  const printed = await run(['--print-config', '--data', data], { env });
  assert.match(printed.stdout, /access\.keys is set \(secret\)/);
  assert.ok(!printed.stdout.includes('0123456789'));
  const service = await serve(t, { data, env });
  assert.equal((await get(service, '/metrics')).status, 401);
  assert.equal((await get(service, '/metrics', withKey(secret))).status, 200);
  const short = await run(['--check-config', '--data', data], { env: { FLIPSYNC_API_KEYS: 'acme:operator:hunter2' } });
  assert.equal(short.code, 2);
  assert.ok(!short.stderr.includes('hunter2'));
});

test('a ticket is given to keys alone, and is another each time', async (t) => {
  const { keys, service } = await keyed(t);
  assert.equal((await request(service, 'POST', '/api/v1/ws/ticket')).status, 401);
  const tickets = new Set();
  for (let i = 0; i < 3; ++i) {
    const { status, json } = await request(service, 'POST', '/api/v1/ws/ticket', withKey(keys.shopper));
    assert.equal(status, 200);
    assert.equal(json.expires_in, 30);
    assert.match(json.ticket, /^fst_[a-z2-7]{52}$/);
    tickets.add(json.ticket);
  }
  assert.equal(tickets.size, 3);
});

test('a name that resolves to us by trickery, and a page of elsewhere, are refused', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const rebound = await RawConnection.open(service);
  rebound.send('GET /api/v1/agents HTTP/1.1\r\nHost: evil.example\r\n\r\n');
  assert.equal((await rebound.response()).status, 403);
  rebound.close();
  const page = { headers: { origin: 'https://evil.example' } };
  assert.equal((await ask(service, 'hello', page)).status, 403);
  const read = await get(service, '/api/v1/agents', page);
  assert.equal(read.headers['access-control-allow-origin'], undefined);
  assert.equal(read.headers['cache-control'], 'no-store');
});

test('a listed page may call, and is told so', async (t) => {
  const { keys, service } = await keyed(t, { args: ['--set', 'access.origins=https://shop.example'] });
  const origin = 'https://shop.example';
  const asked = await request(service, 'OPTIONS', '/api/v1/chat', {
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
  });
  assert.equal(asked.status, 200);
  assert.equal(asked.headers['access-control-allow-origin'], origin);
  assert.match(asked.headers['access-control-allow-headers'], /authorization/);
  const answer = await ask(service, 'hello', withKey(keys.shopper, { origin }));
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['access-control-allow-origin'], origin);
});

test('no key, no ticket and no message is in the log or the metrics', async (t) => {
  const { keys, service } = await keyed(t, { args: ['--log-level', 'trace'] });
  const message = 'my very private question about headphones';
  for (const key of Object.values(keys)) {
    await ask(service, message, withKey(key, { 'idempotency-key': `name-${key.slice(4, 12)}` }));
    await ask(service, message, withKey(`${key}x`));
    await ask(service, { message, surplus: 1 }, withKey(key));
  }
  const { json } = await request(service, 'POST', '/api/v1/ws/ticket', withKey(keys.seller));
  await get(service, `/livez?key=${keys.seller}`);
  service.signal('SIGHUP');
  await service.logged(/event=keys_reloaded/);
  const metrics = await get(service, '/metrics', withKey(keys.operator));
  assert.equal(metrics.status, 200);
  await service.stop();
  const said = service.stderr + metrics.text;
  for (const secret of [...Object.values(keys), json.ticket, message])
    assert.ok(!said.includes(secret.slice(4, 24)), 'a secret was written down');
});

/// What an upgrade is answered with: 101, or a refusal's status.
const upgrade = async (t, service, path, headers = {}) => {
  const socket = new Socket(service, path, { headers });
  t.after(() => socket.ws.terminate());
  const refused = once(socket.ws, 'unexpected-response').then(([, response]) => response.statusCode);
  return { socket, status: await Promise.race([refused, once(socket.ws, 'open').then(() => 101, () => refused)]) };
};

test('a WebSocket is opened by a key or once by a ticket, and not from a page of elsewhere', async (t) => {
  const { keys, service } = await keyed(t);
  const status = async (...args) => (await upgrade(t, service, ...args)).status;
  assert.equal(await status('/ws/chat'), 401);
  assert.equal(await status('/ws/chat', bearer('fsk_made_up')), 401);
  assert.equal(await status('/ws/chat', bearer(keys.shopper)), 101);
  const { ticket } = (await request(service, 'POST', '/api/v1/ws/ticket', withKey(keys.shopper))).json;
  assert.equal(await status(`/ws/chat?ticket=${ticket}`), 101);
  assert.equal(await status(`/ws/chat?ticket=${ticket}`), 401);
  const page = (origin) => ({ ...bearer(keys.shopper), origin });
  assert.equal(await status('/ws/chat', page('https://elsewhere.example')), 403);
  assert.equal(await status('/ws/chat', page(`http://127.0.0.1:${service.port}`)), 101);
});

test('a socket has its key\'s role and tenant, and a turn is resumed by the same tenant only', async (t) => {
  const { keys, service } = await keyed(t);
  const shopper = (await upgrade(t, service, '/ws/chat', bearer(keys.shopper))).socket;
  shopper.send({ message: 'what is the margin on AUD-1001?', audience: 'seller', id: 's' });
  assert.equal((await shopper.frame((frame) => frame.id === 's')).code, 'forbidden');
  shopper.send({ message: 'what is the margin on AUD-1001?', id: 'ok' });
  assert.equal((await shopper.turn('ok')).at(-1).reply.agent, 'concierge');
  const seller = (await upgrade(t, service, '/ws/chat?resume=true', bearer(keys.seller))).socket;
  seller.send({ message: 'What should I charge for AUD-1001?', id: 'q' });
  const { turn } = (await seller.turn('q'))[0];
  for (const role of ['rival', 'shopper', 'seller']) {
    const { socket } = await upgrade(t, service, '/ws/chat', bearer(keys[role]));
    socket.send({ type: 'resume', turn, after_seq: 0, id: 'r' });
    const answer = await socket.frame((frame) => frame.id === 'r');
    assert.equal(answer.type, role === 'seller' ? 'resumed' : 'error', role);
  }
});

test('who sends too many messages on a socket is told so and closed with 1008', async (t) => {
  const data = await shop(t);
  const key = await addKey(data, 'shopper', { args: ['--messages-per-minute', '2'] });
  const service = await serve(t, { data });
  const { socket } = await upgrade(t, service, '/ws/chat', bearer(key));
  for (const id of [1, 2, 3]) socket.send({ message: 'hello', id });
  assert.equal((await socket.frame((frame) => frame.id === 3)).code, 'rate_limited');
  assert.equal((await socket.closed).code, 1008);
});
