// The end of the service: what SIGTERM finishes, what it refuses, and what a second one does.

import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';

import { ask, get, serve, shop, stream } from './harness.mjs';
import { gate, ollamaAt, ollamaChunk, ollamaReply, scripted, sendJson } from './providers.mjs';

const turn = { message: 'what should I charge for AUD-1001?', audience: 'seller' };

async function refused(service) {
  const socket = net.connect(service.port, '127.0.0.1');
  const [why] = await once(socket, 'error');
  return why.code;
}

test('an idle service ends at once with 0', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const began = performance.now();
  assert.deepEqual(await service.stop(), { code: 0, signal: null });
  assert.ok(performance.now() - began < 3000);
});

test('a turn that runs is finished and answered before the end', async (t) => {
  const held = gate();
  const server = await scripted(t, async (request, response) => {
    await held.opened;
    sendJson(response, ollamaReply('Finished.'));
  });
  const service = await serve(t, { data: await shop(t), env: ollamaAt(server.url) });
  // Opened before the drain, so that it can still be asked then.
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  assert.equal((await get(service, '/readyz', { agent })).status, 200);
  const running = ask(service, turn);
  await server.received(1);

  service.signal('SIGTERM');
  await service.logged(/event=http_draining/);
  const ready = await get(service, '/readyz', { agent });
  assert.equal(ready.status, 503);
  assert.equal(ready.json.code, 'shutting_down');
  assert.ok(ready.headers['retry-after'], 'says when to come back');
  assert.equal(await refused(service), 'ECONNREFUSED');

  held.open();
  const { status, json } = await running;
  assert.equal(status, 200);
  assert.equal(json.message, 'Finished.');
  assert.deepEqual(await service.exited, { code: 0, signal: null });
  agent.destroy();
});

test('a new turn on an open connection is refused while draining', async (t) => {
  const held = gate();
  const server = await scripted(t, async (request, response) => {
    await held.opened;
    sendJson(response, ollamaReply('Finished.'));
  });
  const service = await serve(t, { data: await shop(t), env: ollamaAt(server.url) });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  await get(service, '/readyz', { agent });
  const running = ask(service, turn);
  await server.received(1);
  service.signal('SIGTERM');
  await service.logged(/event=http_draining/);
  const late = await ask(service, turn, { agent });
  assert.equal(late.status, 503);
  assert.equal(late.json.code, 'shutting_down');
  assert.equal(server.requests.length, 1, 'the provider is not asked');
  held.open();
  assert.equal((await running).status, 200);
  assert.equal((await service.exited).code, 0);
  agent.destroy();
});

test('a stream that runs is told to its end', async (t) => {
  const held = gate();
  const server = await scripted(t, async (request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(ollamaChunk('One '));
    await held.opened;
    response.write(ollamaChunk('two.'));
    response.end(ollamaChunk('', true));
  });
  const service = await serve(t, { data: await shop(t), env: ollamaAt(server.url) });
  const { events } = await stream(service, turn);
  const seen = [];
  for await (const event of events) {
    seen.push(event);
    if (event.event !== 'token' || event.data.text !== 'One ') continue;
    service.signal('SIGTERM');
    await service.logged(/event=http_draining/);
    held.open();
  }
  assert.equal(seen.at(-1).event, 'completed');
  assert.equal(seen.at(-1).data.reply.message, 'One two.');
  assert.equal((await service.exited).code, 0);
});

test('a turn that does not end within the grace is told so, and the service still ends with 0', async (t) => {
  const server = await scripted(t, () => {});
  const env = ollamaAt(server.url, { FLIPSYNC_SERVER_DRAIN_GRACE: '300ms' });
  const service = await serve(t, { data: await shop(t), env });
  const running = ask(service, turn);
  await server.received(1);
  service.signal('SIGTERM');
  const { status, json } = await running;
  assert.equal(status, 503);
  assert.equal(json.code, 'shutting_down');
  assert.deepEqual(await service.exited, { code: 0, signal: null });
});

test('a second signal ends the service at once, with a turn still running', async (t) => {
  const server = await scripted(t, () => {});
  const service = await serve(t, { data: await shop(t), env: ollamaAt(server.url) });
  const running = ask(service, turn).catch((why) => why);
  await server.received(1);
  service.signal('SIGTERM');
  await service.logged(/event=http_draining/);
  const began = performance.now();
  service.signal('SIGTERM');
  const { code } = await service.exited;
  assert.equal(code, 1);
  assert.ok(performance.now() - began < 2000, 'it does not wait for the grace');
  assert.ok((await running) instanceof Error, 'the client sees its connection end');
});
