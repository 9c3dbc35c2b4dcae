// A new configuration without a restart: by signal and by request, all or nothing.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { ask, get, request, scratch, serve, stream } from './harness.mjs';
import { gate, key, openaiReply, scripted, sendJson } from './providers.mjs';

const turn = { message: 'good morning', agent: 'content' };
const reload = (service, options = {}) => request(service, 'POST', '/api/v1/config/reload', options);

/// A service with a configuration file that the test writes; keys stand in the environment.
async function configured(t, text, env = {}) {
  const file = path.join(scratch(t), 'flipsync.toml');
  const write = (next) => fs.writeFileSync(file, next);
  write(text);
  const service = await serve(t, { data: scratch(t), args: ['--config', file], env: { OPENAI_API_KEY: key, ...env } });
  return { service, write, file };
}

const asking = (url, model, more = '') =>
  `[models]\nprovider = "openai"\nmodel = "${model}"\n[openai]\nbase_url = "${url}/v1"\n${more}`;
const sound = (t) => scripted(t, (call, response) => sendJson(response, openaiReply('A good morning.')));

test('SIGHUP: the next turn asks the new model, and a stream that runs ends on the old one', async (t) => {
  const half = gate();
  const chunk = (text, reason = null) =>
    `data: ${JSON.stringify({ model: 'm', choices: [{ index: 0, delta: { content: text }, finish_reason: reason }] })}\n\n`;
  const model = await scripted(t, async (call, response) => {
    if (!call.json.stream) return sendJson(response, openaiReply('Whole.'));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk('One '));
    await half.opened;
    response.end(`${chunk('two.', 'stop')}data: [DONE]\n\n`);
  });
  const { service, write } = await configured(t, asking(model.url, 'old-model'));
  const { events } = await stream(service, turn);
  let last;
  for (let step = await events.next(); !step.done; step = await events.next()) {
    last = step.value;
    if (last.event !== 'token' || last.data.text !== 'One ') continue;
    write(asking(model.url, 'new-model'));
    service.signal('SIGHUP');
    await service.logged(/event=configuration_reloaded changed=models\.model/);
    assert.equal((await ask(service, turn)).json.message, 'Whole.');
    half.open();
  }
  assert.equal(last.data.reply.message, 'One two.');
  assert.deepEqual(model.requests.map((each) => each.json.model), ['old-model', 'new-model']);
});

test('the reply lists what changed and what needs a restart; what does stays as it was', async (t) => {
  const model = await sound(t);
  const { service, write, file } = await configured(t, asking(model.url, 'gpt-4-turbo'));
  write(asking(model.url, 'gpt-4-turbo', '[costs]\nper_day = 0.0001\n[server]\nio_threads = 2\n'));
  const done = await reload(service);
  assert.equal(done.status, 200);
  assert.deepEqual(done.json.changed, ['costs.per_day']);
  assert.deepEqual(done.json.needs_restart, ['server.io_threads']);
  assert.ok(done.json.read.includes(file));
  assert.equal((await ask(service, turn)).json.code, 'over_budget');
  assert.equal(model.requests.length, 0);
  write(asking(model.url, 'gpt-4-turbo'));
  assert.deepEqual((await reload(service)).json, { changed: ['costs.per_day'], needs_restart: [], read: [file] });
  assert.equal((await ask(service, turn)).status, 200);
});

test('a broken file changes nothing: 400 with line and key, logged once, and the old one goes on', async (t) => {
  const model = await sound(t);
  const { service, write } = await configured(t, asking(model.url, 'kept'));
  write(asking(model.url, 'other', '[costs]\nper_day = "much"\n'));
  const wrong = await reload(service);
  assert.equal(wrong.status, 400);
  assert.equal(wrong.json.code, 'invalid_request');
  assert.match(wrong.json.detail, /flipsync\.toml:7: costs\.per_day/);
  await service.logged(/event=configuration_kept .*costs\.per_day/);
  assert.equal(service.stderr.match(/event=configuration_kept/g).length, 1);
  write('[models\n');
  assert.equal((await reload(service)).status, 400);
  write(asking(model.url, 'other', '[agents]\nextra_files = ["nowhere.toml"]\n'));
  assert.equal((await reload(service)).status, 400);
  await ask(service, turn);
  assert.equal(model.requests[0].json.model, 'kept');
});

test('a list of keys changes live: one more is used, and one that was refused is tried anew', async (t) => {
  const shown = [];
  const model = await scripted(t, (call, response) => {
    shown.push(call.headers.authorization.slice('Bearer '.length));
    if (shown.at(-1) === 'wrong-key') return sendJson(response, '{"error":{"message":"bad key"}}', 401);
    return sendJson(response, openaiReply('Welcome.'));
  });
  const secret = path.join(scratch(t), 'openai.keys');
  fs.writeFileSync(secret, 'wrong-key\nsound-key\n', { mode: 0o600 });
  const { service } = await configured(t, asking(model.url, 'm', `api_key_file = "${secret}"\n`), { OPENAI_API_KEY: '' });
  const turn = async () => (await ask(service, { message: 'hello', audience: 'seller', agent: 'pricing' })).json.parts[0];
  assert.deepEqual((await turn()).attempts.map((one) => one.key), ['key 1', 'key 2']);
  assert.deepEqual((await turn()).attempts.map((one) => one.key), ['key 2']);
  fs.writeFileSync(secret, 'right-key\nsound-key\nthird-key\n', { mode: 0o600 });
  const done = await reload(service);
  assert.deepEqual(done.json.changed, ['openai.api_key']);
  shown.length = 0;
  for (let i = 0; i < 3; ++i) await turn();
  assert.deepEqual(shown, ['right-key', 'sound-key', 'third-key']);
});

test('a key that was refused works again once it has been changed', async (t) => {
  const model = await scripted(t, (call, response) => {
    if (call.headers.authorization === 'Bearer right-key') return sendJson(response, openaiReply('Welcome.'));
    return sendJson(response, '{"error":{"message":"bad key"}}', 401);
  });
  const secret = path.join(scratch(t), 'openai.key');
  fs.writeFileSync(secret, 'wrong-key\n', { mode: 0o600 });
  const { service } = await configured(t, asking(model.url, 'm', `api_key_file = "${secret}"\n`), { OPENAI_API_KEY: '' });
  assert.equal((await ask(service, turn)).status, 502);
  assert.equal((await ask(service, turn)).status, 502);
  assert.equal(model.requests.length, 1);
  fs.writeFileSync(secret, 'right-key\n', { mode: 0o600 });
  const done = await reload(service);
  assert.deepEqual(done.json.changed, ['openai.api_key']);
  assert.ok(!done.text.includes('right-key'));
  assert.equal((await ask(service, turn)).json.message, 'Welcome.');
});

test('an agent\'s file is read anew, and the roster shows it', async (t) => {
  const folder = scratch(t);
  const extra = path.join(folder, 'extra.toml');
  const agent = (title) => `[[agent]]\nname = "greeter"\ntitle = "${title}"\naudience = "seller"\nprompt = "Greet."\n`;
  fs.writeFileSync(extra, agent('Says hello'));
  const { service } = await configured(t, `[agents]\nextra_files = ["${extra}"]\n`);
  const title = async () => (await get(service, '/api/v1/agents/greeter')).json.title;
  assert.equal(await title(), 'Says hello');
  fs.writeFileSync(extra, agent('Says good evening'));
  const done = await reload(service);
  assert.deepEqual(done.json.changed, []);
  assert.ok(done.json.read.includes(extra));
  assert.equal(await title(), 'Says good evening');
});

test('only operators may, and many at once all get an answer', async (t) => {
  const model = await sound(t);
  const { service } = await configured(t, asking(model.url, 'm'));
  const all = await Promise.all(Array.from({ length: 20 }, () => reload(service)));
  assert.ok(all.every(({ status }) => status === 200));
  assert.equal((await request(service, 'GET', '/api/v1/config/reload')).status, 405);
});
