// Providers behind TLS, as the real ones are: every vendor's mock behind an encrypted door, a server
// that speaks HTTP/2, a proxy, and certificates that are not to be trusted.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import tls from 'node:tls';

import { makeCertificate } from './certificates.mjs';
import { ask, run, scratch, serve } from './harness.mjs';
import { aimock, anthropicAt, deadAddress, geminiAt, ollamaAt, openaiAt } from './providers.mjs';

const vendors = {
  ollama: { at: ollamaAt, model: 'qwen3:4b', keyed: false },
  openai: { at: openaiAt, model: 'gpt-4o', keyed: true },
  anthropic: { at: anthropicAt, model: 'claude-haiku-5-5', keyed: true },
  gemini: { at: geminiAt, model: 'gemini-3.5-flash-lite', keyed: true },
};

async function listening(t, server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `https://127.0.0.1:${server.address().port}`;
}

/// An encrypted door before the server at `url`: its address, and how many connections it has had.
async function encrypted(t, url, { key, cert }) {
  const open = new Set();
  const door = { connections: 0 };
  const { port } = new URL(url);
  const server = tls.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(cert) }, (client) => {
    door.connections += 1;
    const behind = net.connect(Number(port), '127.0.0.1');
    for (const [from, to] of [[client, behind], [behind, client]]) {
      open.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => open.delete(from) && to.destroy());
      from.pipe(to);
    }
  });
  t.after(() => {
    for (const socket of open) socket.destroy();
  });
  door.url = await listening(t, server);
  return door;
}

const trusting = ({ cert }) => ['--set', `models.ca_file=${cert}`];

async function complete(service, vendor, more = {}) {
  const response = await fetch(`${service.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: `${vendor}/${vendors[vendor].model}`,
      messages: [{ role: 'user', content: 'how is the weather?' }],
      ...more,
    }),
  });
  return { status: response.status, text: await response.text() };
}

for (const [vendor, { at, keyed }] of Object.entries(vendors))
  test(`${vendor} answers whole and streamed behind a certificate of one's own, on one connection`, async (t) => {
    const files = await makeCertificate(scratch(t));
    const mock = await aimock(t, { keyed, chunkSize: 4 });
    mock.onMessage(/weather/, { content: 'Sunny, 21 °C.' });
    const door = await encrypted(t, mock.url, files);
    const service = await serve(t, { data: scratch(t), env: at(door.url), args: trusting(files) });
    for (let i = 0; i < 3; ++i) {
      const whole = await complete(service, vendor);
      assert.equal(whole.status, 200, whole.text);
      assert.equal(JSON.parse(whole.text).choices[0].message.content, 'Sunny, 21 °C.');
    }
    assert.equal(door.connections, 1);
    const streamed = await complete(service, vendor, { stream: true });
    const chunks = [...streamed.text.matchAll(/^data: (\{.*)$/gm)].map(([, json]) => JSON.parse(json));
    assert.equal(chunks.map(({ choices }) => choices[0]?.delta?.content ?? '').join(''), 'Sunny, 21 °C.', streamed.text);
  });

test('HTTP/2 is spoken to a provider that offers it, and calls side by side share its connection', async (t) => {
  const files = await makeCertificate(scratch(t));
  const sessions = new Set();
  const versions = [];
  const server = http2.createSecureServer({ key: fs.readFileSync(files.key), cert: fs.readFileSync(files.cert) });
  server.on('session', (session) => sessions.add(session));
  t.after(() => {
    for (const session of sessions) session.destroy();
  });
  const answer = { choices: [{ index: 0, message: { role: 'assistant', content: 'Sunny.' }, finish_reason: 'stop' }] };
  const together = 10;
  const waiting = [];
  server.on('request', (request, response) => {
    versions.push(request.httpVersion);
    request.resume();
    waiting.push(response);
    // The first is answered alone, so that the others find a connection; they come all at once.
    if (versions.length > 1 && versions.length <= together) return;
    for (const each of waiting.splice(0)) {
      each.writeHead(200, { 'content-type': 'application/json' });
      each.end(JSON.stringify(answer));
    }
  });
  const url = await listening(t, server);
  const service = await serve(t, { data: scratch(t), env: openaiAt(url), args: trusting(files) });
  const first = await complete(service, 'openai');
  assert.equal(first.status, 200, first.text);
  const others = await Promise.all(Array.from({ length: together }, () => complete(service, 'openai', { temperature: 1 })));
  for (const { status, text } of others) assert.equal(status, 200, text);
  assert.deepEqual(new Set(versions), new Set(['2.0']));
  assert.equal(sessions.size, 1);
});

/// A proxy that leads to `destination` whatever it is asked for: its address, and what it was asked for. With `login`
/// ("NAME:PASSWORD") it lets nobody else through.
async function proxy(t, destination, login) {
  const asked = [];
  const server = http.createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(500).end();
  });
  server.on('connect', (request, client) => {
    asked.push(request.url);
    const wanted = login && `Basic ${Buffer.from(login).toString('base64')}`;
    if (wanted && request.headers['proxy-authorization'] !== wanted) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const behind = net.connect(Number(new URL(destination).port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(behind).pipe(client);
    });
    for (const each of [client, behind]) each.on('error', () => {});
    t.after(() => behind.destroy());
  });
  return { url: (await listening(t, server)).replace('https', 'http'), asked };
}

test('a proxy leads to providers, and not to those of this machine', async (t) => {
  const files = await makeCertificate(scratch(t), 'provider', 'DNS:provider.example');
  const mock = await aimock(t);
  mock.onMessage(/weather/, { content: 'Sunny.' });
  const door = await encrypted(t, mock.url, files);
  const { url, asked } = await proxy(t, door.url);
  const env = { ...openaiAt('https://provider.example'), OLLAMA_HOST: mock.url };
  const service = await serve(t, { data: scratch(t), env, args: [...trusting(files), '--set', `models.proxy=${url}`] });
  for (const vendor of ['openai', 'ollama', 'openai']) {
    const answer = await complete(service, vendor, { temperature: asked.length });
    assert.equal(answer.status, 200, answer.text);
  }
  assert.deepEqual(asked, ['provider.example:443']);
});

test('a proxy that wants a name and password gets them from the environment, and a wrong password is said', async (t) => {
  const files = await makeCertificate(scratch(t), 'provider', 'DNS:provider.example');
  const mock = await aimock(t);
  mock.onMessage(/weather/, { content: 'Sunny.' });
  const door = await encrypted(t, mock.url, files);
  const { url, asked } = await proxy(t, door.url, 'shop:p%40ss:word');
  const through = (login) => serve(t, {
    data: scratch(t),
    env: { ...openaiAt('https://provider.example'), ...(login && { FLIPSYNC_MODELS_PROXY_LOGIN: login }) },
    args: [...trusting(files), '--set', `models.proxy=${url}`],
  });
  const let_in = await complete(await through('shop:p%40ss:word'), 'openai');
  assert.equal(let_in.status, 200, let_in.text);
  assert.deepEqual(asked, ['provider.example:443']);
  for (const login of ['shop:hush', undefined]) {
    const service = await through(login);
    const refused = await ask(service, { message: 'hello, how is the weather?' });
    assert.equal(refused.status, 502, refused.text);
    assert.match(refused.text, /openai/);
    assert.match(refused.text, /the proxy wants a name and password/);
    assert.doesNotMatch(refused.text + service.stderr, /hush/);
  }
});

test('a proxy that is down is an error that names the provider', async (t) => {
  const args = ['--set', `models.proxy=${await deadAddress()}`];
  const service = await serve(t, { data: scratch(t), env: openaiAt('https://provider.example'), args });
  const refused = await ask(service, { message: 'hello, how is the weather?' });
  assert.equal(refused.status, 502, refused.text);
  assert.match(refused.text, /openai/);
});

test('a certificate that nobody vouches for, or of another name, is refused, and the error names the provider', async (t) => {
  const mine = await makeCertificate(scratch(t));
  const other = await makeCertificate(scratch(t), 'localhost', 'DNS:elsewhere.example');
  const mock = await aimock(t, { keyed: true });
  mock.onMessage(/weather/, { content: 'Sunny.' });
  const cases = [
    [mine, [], /certificate is not trusted/],
    [mine, trusting(other), /certificate is not trusted/],
    [other, trusting(other), /certificate is for another name/],
  ];
  for (const [files, args, reason] of cases) {
    const door = await encrypted(t, mock.url, files);
    const service = await serve(t, { data: scratch(t), env: openaiAt(door.url), args });
    const refused = await ask(service, { message: 'hello, how is the weather?' });
    assert.equal(refused.status, 502, refused.text);
    assert.equal(refused.json.code, 'provider_unavailable', refused.text);
    assert.match(refused.text, /openai/);
    assert.match(refused.text, reason);
  }
});

test('a file of certificates that is missing or holds none is told at the start', async (t) => {
  const folder = scratch(t);
  const files = await makeCertificate(folder);
  for (const file of [path.join(folder, 'none.pem'), files.key]) {
    const refused = await run(['--check-config', '--set', `models.ca_file=${file}`]);
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, /models\.ca_file: .* cannot be read or holds no certificate/);
  }
});
