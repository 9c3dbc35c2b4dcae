// The second cache in a real Redis, on a port of its own: shared by processes, and killed, hung and
// restarted under turns that must not notice.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { test } from 'node:test';

import { get, request, scratch, serve } from './harness.mjs';
import { deadAddress, openaiAt, openaiReply, scripted, sendJson } from './providers.mjs';

const model = 'gpt-4-turbo';
const asking = (content) => ({ model, temperature: 0, messages: [{ role: 'user', content }] });
const ask = async (service, content) => request(service, 'POST', '/v1/chat/completions', { body: asking(content) });

/// The server is the program that checks its files, under the server's name.
async function redis(t, port) {
  const folder = scratch(t);
  const child = spawn('/usr/bin/redis-check-rdb', [
    '--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder,
  ], { argv0: 'redis-server', stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    await exited;
  };
  t.after(kill);
  let said = '';
  for await (const text of child.stdout) {
    said += text;
    if (said.includes('Ready to accept connections')) break;
    assert.ok(!child.exitCode, said);
  }
  return { port, kill, signal: (name) => child.kill(name) };
}

async function freePort() {
  return Number(new URL(await deadAddress()).port);
}

/// One command to Redis as text: the raw reply.
async function command(port, ...words) {
  const socket = net.connect(port, '127.0.0.1');
  socket.write(`*${words.length}\r\n${words.map((w) => `$${Buffer.byteLength(w)}\r\n${w}\r\n`).join('')}`);
  const [reply] = await once(socket, 'data');
  socket.destroy();
  return reply.toString('latin1');
}

async function rig(t) {
  const server = await redis(t, await freePort());
  const provider = await scripted(t, (_, response, number) => sendJson(response, openaiReply(`answer ${number}`)));
  const start = (more = {}) =>
    serve(t, { data: scratch(t), env: {
      ...openaiAt(provider.url), ENABLE_CACHING: 'true', ENABLE_RESPONSE_CACHING: 'false',
      REDIS_URL: `redis://127.0.0.1:${server.port}/2`, FLIPSYNC_CACHE_REDIS_TIMEOUT: '300ms', ...more } });
  return { server, provider, start };
}

const figure = async (service, name) => {
  const { text } = await get(service, '/metrics');
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
};

test('what one process was told, another one knows', async (t) => {
  const { provider, start, server } = await rig(t);
  const first = await start();
  assert.equal((await ask(first, 'hello')).json.flipsync.cached, false);
  // A question after it, so that the answer has been written.
  await ask(first, 'more');
  const second = await start();
  const reply = await ask(second, 'hello');
  assert.equal(reply.json.choices[0].message.content, 'answer 1');
  assert.equal(reply.json.flipsync.cached, true);
  assert.equal(provider.requests.length, 2);
  const { json } = await get(second, '/api/v1/cache');
  assert.equal(json.caches.find((row) => row.class === 'model').from_second, 1);
  assert.match(await command(server.port, 'DBSIZE'), /:0/); // in the database that was named, not in 0
});

test('damaged bytes are a miss, and are replaced', async (t) => {
  const { provider, start, server } = await rig(t);
  const first = await start();
  await ask(first, 'hello');
  await ask(first, 'more');
  const script = "redis.call('select', 2); for _, k in ipairs(redis.call('keys', '*')) do redis.call('set', k, 'rubbish') end return 1";
  assert.match(await command(server.port, 'EVAL', script, '0'), /:1/);
  const second = await start();
  assert.equal((await ask(second, 'hello')).json.flipsync.cached, false);
  assert.equal(provider.requests.length, 3);
});

test('clearing a provider clears what Redis has of it', async (t) => {
  const { provider, start } = await rig(t);
  const first = await start();
  await ask(first, 'hello');
  await ask(first, 'more');
  assert.equal((await request(first, 'DELETE', '/api/v1/cache?provider=openai')).status, 200);
  await ask(first, 'after it');
  const second = await start();
  assert.equal((await ask(second, 'hello')).json.flipsync.cached, false);
  assert.equal(provider.requests.length, 4);
});

test('turns go on while Redis is killed, away and back', async (t) => {
  const { server, provider, start } = await rig(t);
  const service = await start();
  await ask(service, 'one');
  await server.kill();
  for (let i = 0; i < 20; ++i) {
    const reply = await ask(service, `away ${i}`);
    assert.equal(reply.status, 200);
    assert.equal(reply.json.flipsync.cached, false);
  }
  assert.equal(await figure(service, 'flipsync_cache_second_up'), 0);
  const failures = await figure(service, 'flipsync_cache_second_failures_total');
  assert.ok(failures < 10, `${failures} failures for 40 commands`);
  await redis(t, server.port);
  let asked = 0;
  while ((await figure(service, 'flipsync_cache_second_up')) !== 1) await ask(service, `back ${asked++}`);
  await ask(service, 'kept again');
  await ask(service, 'and after');
  const other = await start();
  const before = provider.requests.length;
  assert.equal((await ask(other, 'kept again')).json.flipsync.cached, true);
  assert.equal(provider.requests.length, before);
});

test('a Redis that hangs costs its limit once, and is used again when it wakes', async (t) => {
  const { server, start } = await rig(t);
  const service = await start();
  const figures = () =>
    Promise.all(['dropped', 'failures'].map((name) => figure(service, `flipsync_cache_second_${name}_total`)));
  await ask(service, 'one');
  server.signal('SIGSTOP');
  const slow = await ask(service, 'two');
  assert.equal(slow.status, 200);
  assert.ok(slow.ms < 1500, `${slow.ms} ms`);
  while ((await figure(service, 'flipsync_cache_second_up')) !== 0);
  const [dropped, failures] = await figures();
  for (let i = 0; i < 20; ++i) assert.equal((await ask(service, `hung ${i}`)).status, 200);
  // No turn waits for it any more: what they would ask and keep is not begun, and what fails are looks at whether it is back.
  const [droppedThen, failuresThen] = await figures();
  assert.ok(droppedThen - dropped >= 20, `${droppedThen - dropped} commands not begun`);
  assert.ok(failuresThen - failures < 10, `${failuresThen - failures} failures`);
  server.signal('SIGCONT');
  let asked = 0;
  while ((await figure(service, 'flipsync_cache_second_up')) !== 1) await ask(service, `awake ${asked++}`);
});

test('a URL that is none ends the start with a clear word and no secret', async (t) => {
  await assert.rejects(
    serve(t, { data: scratch(t), env: { ENABLE_CACHING: 'true', REDIS_URL: 'redis://u:hidden@h:x' } }),
    (why) => /cache.redis_url|redis:\/\//.test(why.message) && !why.message.includes('hidden'),
  );
});
