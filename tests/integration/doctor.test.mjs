// flipsync doctor: what it finds, and that it tells the reason and never a key.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { test } from 'node:test';

import { run, scratch, serve, shop } from './harness.mjs';
import { aimock, deadAddress, key, ollamaAt, openaiAt, scripted, sendJson } from './providers.mjs';

/// The findings by what they are about, and the exit code. Where a test does not say otherwise, the
/// port is any free one.
async function doctor(data, { env, listen = '127.0.0.1:0', args = [] } = {}) {
  const done = await run(['doctor', '--json', '--data', data, '--set', `server.listen=${listen}`, ...args], { env });
  const said = JSON.parse(done.stdout);
  const about = (check) => said.findings.filter((finding) => finding.check === check);
  for (const { state, advice } of said.findings) assert.ok(state === 'ok' || advice, 'every finding says what to do');
  return { ...done, ...said, about };
}

test('a sound shop has no problem, for people and for machines', async (t) => {
  const data = await shop(t);
  const { code, problems, about } = await doctor(data);
  assert.equal(code, 0);
  assert.equal(problems, 0);
  for (const check of ['configuration', 'data folder', 'store', 'port', 'cores', 'providers']) assert.equal(about(check)[0].state, 'ok', check);
  assert.match(about('store')[0].detail, /432 products/);
  const text = await run(['doctor', '--data', data, '--set', 'server.listen=127.0.0.1:0']);
  assert.equal(text.code, 0);
  assert.match(text.stdout, /^ok +configuration .*profile embedded/m);
  assert.match(text.stdout, /^no problems, /m);
});

test('it makes no data folder and writes into none', async (t) => {
  const data = path.join(scratch(t), 'not', 'yet');
  const { code, about } = await doctor(data);
  assert.equal(code, 0);
  assert.equal(about('data folder')[0].state, 'ok');
  assert.match(about('store')[0].advice, /flipsync import/);
  assert.ok(!fs.existsSync(data));
});

test('it works beside a running service, and sees that it listens', async (t) => {
  const data = await shop(t);
  const service = await serve(t, { data });
  const { code, about } = await doctor(data, { listen: `127.0.0.1:${service.port}` });
  assert.equal(code, 0);
  assert.match(about('port')[0].detail, /the running service listens/);
  assert.match(about('store')[0].detail, new RegExp(`process ${service.pid} `));
});

test('a port that another program has, a damaged store and a folder that is a file are problems', async (t) => {
  const other = net.createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close());
  const data = await shop(t);
  fs.writeFileSync(path.join(data, 'conversations.db'), 'no database '.repeat(1000));
  const { code, about } = await doctor(data, { listen: `127.0.0.1:${other.address().port}` });
  assert.equal(code, 1);
  assert.equal(about('port')[0].state, 'problem');
  assert.equal(about('store')[0].state, 'problem');
  assert.match(about('store')[0].detail, /conversations\.db/);
  const file = path.join(scratch(t), 'file');
  fs.writeFileSync(file, '');
  const wrong = await doctor(file);
  assert.equal(wrong.code, 1);
  assert.equal(wrong.about('data folder')[0].state, 'problem');
});

test('a provider that answers and knows its key is well, and no model is called', async (t) => {
  const mock = await aimock(t, { keyed: true });
  const { code, about, stdout } = await doctor(await shop(t), { env: openaiAt(mock.url) });
  assert.equal(about('provider openai')[0].state, 'ok', stdout);
  assert.match(about('provider openai')[0].detail, /its key is taken/);
  assert.ok(mock.getRequests().every(({ method }) => method === 'GET'));
  assert.equal(code, 0);
});

test('each of several keys is shown to the provider, and a refused one is named by its place', async (t) => {
  const mock = await aimock(t, { keyed: true });
  const wrong = 'sk-wrong-0123456789abcdef';
  const { code, about, stdout, stderr } = await doctor(await shop(t), { env: openaiAt(mock.url, { OPENAI_API_KEY: `${wrong},${key}` }) });
  assert.equal(code, 1);
  assert.equal(about('keys of openai')[0].detail, 'key 1 of 2 is refused');
  assert.match(about('keys of openai')[0].advice, /openai\.api_key/);
  for (const secret of [wrong, key]) assert.ok(!`${stdout}${stderr}`.includes(secret));
});

test('a key that is refused is a problem that names the option, and no key is printed', async (t) => {
  const mock = await aimock(t, { keyed: true });
  const wrong = 'sk-wrong-0123456789abcdef';
  const { code, about, stdout, stderr } = await doctor(await shop(t), { env: openaiAt(mock.url, { OPENAI_API_KEY: wrong }) });
  assert.equal(code, 1);
  const [found] = about('provider openai');
  assert.equal(found.state, 'problem');
  assert.match(found.detail, /its key is refused/);
  assert.match(found.advice, /openai\.api_key/);
  for (const secret of [wrong, key]) assert.ok(!`${stdout}${stderr}`.includes(secret));
});

test('a server that is not there is a problem with its reason', async (t) => {
  const { code, about } = await doctor(await shop(t), { env: ollamaAt(await deadAddress()) });
  assert.equal(code, 1);
  assert.equal(about('provider ollama')[0].state, 'problem');
  assert.match(about('provider ollama')[0].detail, /connect/i);
});

test('a local model that is not there is a problem that says how to bring it', async (t) => {
  const server = await scripted(t, (request, response) => sendJson(response, JSON.stringify({ models: [{ name: 'other:1b' }] })));
  const env = ollamaAt(server.url, { OLLAMA_MODEL: 'gemma3:4b' });
  const { code, about } = await doctor(await shop(t), { env });
  assert.equal(code, 1);
  assert.ok(about('models of ollama').some(({ advice }) => advice === 'flipsync pull gemma3:4b'));
});

test('a Redis that is not there is a warning without its password', async (t) => {
  const { host } = new URL(await deadAddress());
  const { code, about, stdout } = await doctor(await shop(t), { env: { REDIS_URL: `redis://:hidden-word@${host}` } });
  assert.equal(code, 0);
  assert.equal(about('redis')[0].state, 'warning');
  assert.match(about('redis')[0].detail, /does not answer/);
  assert.ok(!stdout.includes('hidden-word'));
});

test('a configuration that cannot be read is the finding', async (t) => {
  const data = await shop(t);
  const { code, about } = await doctor(data, { args: ['--set', 'turn.deadline=never'] });
  assert.equal(code, 1);
  assert.equal(about('configuration')[0].state, 'problem');
  assert.match(about('configuration')[0].detail, /turn\.deadline/);
});
