// flipsync pull against a scripted model server, and loading a model when the service starts.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';

import { program, run, scratch, serve } from './harness.mjs';
import { deadAddress, gate, ollamaAt, ollamaReply, scripted, sendJson } from './providers.mjs';

const lines = (...steps) => steps.map((step) => `${JSON.stringify(step)}\n`).join('');
const layer = (completed) => ({ status: 'pulling 8eeb52dfb3bb', digest: 'sha256:8eeb', total: 3_300_000_000, completed });
const sound = lines({ status: 'pulling manifest' }, layer(0), layer(1_650_000_000), layer(3_300_000_000), { status: 'success' });

const ndjson = (response, text) => {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.write(text);
};

test('a model is pulled with its progress in plain lines', async (t) => {
  const server = await scripted(t, (request, response) => {
    ndjson(response, sound);
    response.end();
  });
  const { code, stdout, stderr } = await run(['pull', 'gemma3:4b'], { env: ollamaAt(server.url) });
  assert.equal(code, 0);
  assert.equal(stdout, 'gemma3:4b is there\n');
  assert.match(stderr, /^gemma3:4b: .*3\.3 GB of 3\.3 GB\n$/m);
  assert.ok(!stderr.includes('\r') && !stderr.includes('\x1b'), 'no bar where there is no terminal');
  assert.deepEqual(server.requests.map(({ path, json }) => [path, json]), [['/api/pull', { model: 'gemma3:4b', stream: true }]]);
});

test('all configured models are pulled, each once', async (t) => {
  const server = await scripted(t, (request, response) => {
    ndjson(response, sound);
    response.end();
  });
  const env = ollamaAt(server.url, { OLLAMA_MODEL_FAST: 'llama3.2:1b' });
  const { code, stdout } = await run(['pull', '--configured', 'llama3.2:1b'], { env });
  assert.equal(code, 0);
  assert.equal(stdout, 'llama3.2:1b is there\ngemma3:4b is there\n');
});

test('a pull that breaks off is tried again and goes on', async (t) => {
  const server = await scripted(t, (request, response, number) => {
    if (number > 1) {
      ndjson(response, sound);
      response.end();
      return;
    }
    ndjson(response, lines({ status: 'pulling manifest' }, layer(1000)));
    response.write('', () => response.destroy());
  });
  const { code, stderr } = await run(['pull', 'gemma3:4b'], { env: ollamaAt(server.url) });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /again in 1 s/);
  assert.equal(server.requests.length, 2);
});

test('a model that does not exist is said so, once, and the others still come', async (t) => {
  const server = await scripted(t, (request, response) => {
    ndjson(response, request.json.model === 'gemma9' ? lines({ status: 'pulling manifest' }, { error: 'pull model manifest: file does not exist' }) : sound);
    response.end();
  });
  const { code, stdout, stderr } = await run(['pull', 'gemma9', 'gemma3:4b'], { env: ollamaAt(server.url) });
  assert.equal(code, 2);
  assert.equal(stdout, 'gemma3:4b is there\n');
  assert.match(stderr, /gemma9: the model cannot be pulled: pull model manifest: file does not exist/);
  assert.equal(server.requests.length, 2);
});

test('a server that is not there is said at once', async () => {
  const { code, stderr } = await run(['pull', 'gemma3:4b'], { env: ollamaAt(await deadAddress()) });
  assert.equal(code, 3);
  assert.match(stderr, /is the model server running/);
});

test('an interrupt ends a pull and closes its connection', async (t) => {
  const left = gate();
  const server = await scripted(t, (request, response) => {
    response.on('close', left.open);
    ndjson(response, lines({ status: 'pulling manifest' }, layer(1000)));
  });
  const child = spawn(program, ['pull', 'gemma3:4b'], { env: ollamaAt(server.url, { PATH: process.env.PATH }), stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    if (!said.includes('3.3 GB') && `${said}${text}`.includes('3.3 GB')) child.kill('SIGINT');
    said += text;
  });
  const [code] = await once(child, 'exit');
  await left.opened;
  assert.equal(code, 1, said);
  assert.match(said, /cancelled/);
});

test('the model is loaded at the start, without holding up readiness', async (t) => {
  const held = gate();
  const server = await scripted(t, async (request, response) => {
    await held.opened;
    sendJson(response, ollamaReply('H'));
  });
  const service = await serve(t, {
    data: scratch(t),
    env: ollamaAt(server.url, { FLIPSYNC_OLLAMA_PREWARM: 'true', FLIPSYNC_MODELS_NUM_CTX: '2048', LOG_LEVEL: 'info' }),
  });
  await server.received(1);
  assert.equal((await fetch(`${service.url}/readyz`)).status, 200);
  const [{ path, json }] = server.requests;
  assert.equal(path, '/api/chat');
  assert.deepEqual(json.options, { num_ctx: 2048, num_predict: 1 });
  assert.equal(json.keep_alive, '24h');
  held.open();
  await service.logged(/model_loaded .*model=gemma3:4b/);
});

test('a model that does not load is a warning, and one that is never loaded holds up no end', async (t) => {
  const server = await scripted(t, (request, response) => sendJson(response, '{"error":"model \'gemma3:4b\' not found"}', 404));
  const service = await serve(t, { data: scratch(t), env: ollamaAt(server.url, { FLIPSYNC_OLLAMA_PREWARM: 'true' }) });
  await service.logged(/model_not_loaded .*not found/);
  assert.equal((await fetch(`${service.url}/readyz`)).status, 200);
  const silent = await scripted(t, () => {});
  const waiting = await serve(t, { data: scratch(t), env: ollamaAt(silent.url, { FLIPSYNC_OLLAMA_PREWARM: 'true' }) });
  await silent.received(1);
  waiting.child.kill('SIGTERM');
  assert.equal((await waiting.exited).code, 0);
});
