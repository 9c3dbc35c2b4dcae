// The encrypted door: certificates made by openssl, node's own TLS as the client.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import tls from 'node:tls';

import { makeCertificate, openssl } from './certificates.mjs';
import { run, scratch, serve, shop } from './harness.mjs';
import { Socket } from './websocket.mjs';

const options = ({ key, cert }) => ['--set', `tls.certificate=${cert}`, '--set', `tls.key=${key}`];

async function encrypted(t) {
  const folder = scratch(t);
  const files = await makeCertificate(folder);
  const settings = path.join(folder, 'flipsync.toml');
  fs.writeFileSync(settings, '');
  const service = await serve(t, { data: await shop(t), args: ['--config', settings, ...options(files)] });
  return { folder, files, settings, service };
}

/// One request over TLS, on a connection of its own: {status, text, peer}.
async function secure(service, files, method, target, body) {
  const call = https.request({
    host: '127.0.0.1', port: service.port, method, path: target, agent: false,
    ca: fs.readFileSync(files.cert),
    headers: body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
  });
  call.end(body);
  const [response] = await once(call, 'response');
  const peer = response.socket.getPeerCertificate().fingerprint256;
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, text: Buffer.concat(chunks).toString('utf8'), peer };
}

test('turns, whole and streamed, are answered over TLS by a certificate that is checked', async (t) => {
  const { service, files } = await encrypted(t);
  assert.match(service.url, /^https:/);
  const body = JSON.stringify({ message: 'what is running low?' });
  const whole = await secure(service, files, 'POST', '/api/v1/chat', body);
  assert.equal(whole.status, 200);
  assert.equal(JSON.parse(whole.text).status, 'ok');
  const streamed = await secure(service, files, 'POST', '/api/v1/chat/stream', body);
  assert.match(streamed.text, /event: completed/);
  const many = await Promise.all(Array.from({ length: 100 }, () => secure(service, files, 'POST', '/api/v1/chat', body)));
  for (const { status } of many) assert.equal(status, 200);
});

test('TLS 1.2 and 1.3 are spoken, older ones are refused', async (t) => {
  const { service, files } = await encrypted(t);
  for (const version of ['TLSv1.2', 'TLSv1.3']) {
    const socket = tls.connect({ port: service.port, host: '127.0.0.1', ca: fs.readFileSync(files.cert), minVersion: version, maxVersion: version });
    await once(socket, 'secureConnect');
    assert.equal(socket.getProtocol(), version);
    socket.destroy();
  }
  const old = tls.connect({
    port: service.port, host: '127.0.0.1', rejectUnauthorized: false,
    minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0',
  });
  const [why] = await once(old, 'error');
  assert.match(String(why), /protocol|version|alert/i);
});

test('plain HTTP on the encrypted port is told so and closed', async (t) => {
  const { service, files } = await encrypted(t);
  const socket = net.connect(service.port, '127.0.0.1');
  socket.end('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const chunks = [];
  for await (const chunk of socket) chunks.push(chunk);
  assert.match(Buffer.concat(chunks).toString(), /^HTTP\/1\.1 400 [^]*https:\/\//);
  assert.equal((await secure(service, files, 'GET', '/livez')).status, 200);
});

test('a key that is missing, another\'s or encrypted is told at the start', async (t) => {
  const folder = scratch(t);
  const data = await shop(t);
  const files = await makeCertificate(folder);
  const other = await makeCertificate(scratch(t));
  const locked = path.join(folder, 'locked.pem');
  await openssl('pkey', '-in', files.key, '-aes-128-cbc', '-passout', 'pass:secret', '-out', locked);
  const wrong = [
    [{ ...files, key: path.join(folder, 'none.pem') }, /tls\.key: .*none\.pem: No such file/],
    [{ ...files, key: other.key }, /does not belong to the certificate/],
    [{ ...files, key: locked }, /encrypted/],
    [{ ...files, cert: files.key }, /no certificate in PEM/],
  ];
  for (const [names, message] of wrong)
    for (const command of [['serve', '--listen', '127.0.0.1:0'], ['--check-config']]) {
      const refused = await run([...command, '--data', data, ...options(names)]);
      assert.equal(refused.code, 2, refused.stderr);
      assert.match(refused.stderr, message);
    }
  const half = await run(['--check-config', '--data', data, '--set', `tls.certificate=${files.cert}`]);
  assert.equal(half.code, 2);
  assert.match(half.stderr, /tls\.certificate: it needs tls\.key/);
});

test('a reload takes another certificate for new connections, and nothing at all where it is damaged', async (t) => {
  const { folder, files, service, settings } = await encrypted(t);
  const before = await secure(service, files, 'GET', '/livez');
  await makeCertificate(folder, 'renewed');
  service.signal('SIGHUP');
  await service.logged(/event=certificate_reloaded/);
  const after = await secure(service, files, 'GET', '/livez');
  assert.notEqual(after.peer, before.peer);
  fs.writeFileSync(files.key, 'damaged');
  fs.writeFileSync(settings, '[costs]\nper_day = 7\n');
  const wrong = await secure(service, files, 'POST', '/api/v1/config/reload');
  assert.equal(wrong.status, 400);
  assert.match(wrong.text, /tls\.key/);
  await service.logged(/event=configuration_kept .*tls\.key/);
  assert.equal((await secure(service, files, 'GET', '/livez')).peer, after.peer);
  assert.equal(JSON.parse((await secure(service, files, 'GET', '/api/v1/budget')).text).limits[0].limit_usd, 10);
  assert.equal((await service.stop()).code, 0);
});

test('the command line asks the service over TLS, by its own certificate or by one that is named', async (t) => {
  const { files, service } = await encrypted(t);
  const asks = (args) => run(['budget', '--json', ...args]);
  for (const host of ['127.0.0.1', '0.0.0.0']) {
    const own = await asks([...options(files), '--set', `server.listen=${host}:${service.port}`]);
    assert.equal(own.code, 0, own.stderr);
    assert.ok(JSON.parse(own.stdout).budget);
  }
  const at = ['--url', `https://127.0.0.1:${service.port}`];
  assert.equal((await asks([...at, '--ca-file', files.cert])).code, 0);
  const unknown = await asks(at);
  assert.equal(unknown.code, 3);
  assert.match(unknown.stderr, /certificate/);
  const named = await makeCertificate(scratch(t), 'shop.example', 'DNS:shop.example');
  const other = await serve(t, { data: await shop(t), args: options(named) });
  const wrong = await asks([...options(named), '--set', `server.listen=127.0.0.1:${other.port}`]);
  assert.equal(wrong.code, 3);
  assert.match(wrong.stderr, /127\.0\.0\.1/);
});

test('a WebSocket runs over TLS: turns, large frames, a drain', async (t) => {
  const { service, files } = await encrypted(t);
  const socket = await Socket.open(t, service, '/ws/chat', { ca: fs.readFileSync(files.cert), scheme: 'wss' });
  for (const id of ['a', 'b']) socket.send({ message: 'what is running low?', id });
  for (const id of ['a', 'b']) assert.equal((await socket.turn(id)).at(-1).type, 'completed');
  socket.send({ type: 'ping', id: 'x'.repeat(60_000) });
  assert.equal((await socket.type('error')).field, 'id');
  service.signal('SIGTERM');
  assert.equal((await socket.closed).code, 1001);
  assert.equal((await service.exited).code, 0);
});
