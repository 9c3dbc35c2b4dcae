// kill -9: what was said to be done is done, and nothing is half done.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { ask, csv, importFile, program, run, sample, scratch, serve, shop, stream } from './harness.mjs';
import { ollamaAt, ollamaReply, scripted, sendJson } from './providers.mjs';

const rows = csv(sample('products'));

/// The sample with every price raised by a dollar.
function raisedPrices(t) {
  const file = path.join(scratch(t), 'raised.csv');
  const lines = ['sku,title,price'];
  for (const row of rows)
    lines.push(`${row.sku},"${row.title.replaceAll('"', '""')}",${(Number(row.price) + 1).toFixed(2)}`);
  fs.writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

/// Imports and is killed after `delay` ms, or ends before. True if it was killed.
async function killedImport(data, file, delay) {
  const child = spawn(program, ['import', file, '--kind', 'products', '--data', data], { stdio: 'ignore' });
  const timer = setTimeout(() => child.kill('SIGKILL'), delay);
  const [, signal] = await once(child, 'exit');
  clearTimeout(timer);
  return signal === 'SIGKILL';
}

test('an import that is killed at any moment leaves the catalogue as it was or as it was to be', async (t) => {
  const file = raisedPrices(t);
  // Later and later, until one is so late that the import ends before it.
  let killed = 0;
  for (let delay = 0; ; delay += 2) {
    const data = await shop(t);
    const done = !(await killedImport(data, file, delay));
    // What the next import finds to do tells how far this one came.
    const again = await importFile(data, 'products', file);
    assert.equal(again.rejected, 0);
    assert.ok(
      again.updated === rows.length || again.unchanged === rows.length,
      `killed after ${delay} ms: ${again.updated} rows to change, ${again.unchanged} not`);
    if (done) {
      assert.equal(again.unchanged, rows.length);
      break;
    }
    ++killed;
  }
  t.diagnostic(`${killed} imports were killed`);
  assert.ok(killed >= 2);
});

test('the service starts right after a killed import and answers from a whole catalogue', async (t) => {
  const file = raisedPrices(t);
  const data = await shop(t);
  await killedImport(data, file, 8);
  const service = await serve(t, { data });
  const raises = new Set();
  for (const row of [rows[0], rows[Math.floor(rows.length / 2)], rows.at(-1)]) {
    const { json } = await ask(service, { message: `what should I charge for ${row.sku}?`, agent: 'pricing' });
    const [, said] = /(?:instead of|stays at|Keep .* at) \$(\d+\.\d\d)/.exec(json.message) ?? assert.fail(json.message);
    raises.add(Math.round(Number(said) - Number(row.price)));
  }
  assert.ok(raises.size === 1 && (raises.has(0) || raises.has(1)), `prices are raised by ${[...raises]}`);
});

test('a service killed beside an import loses neither', async (t) => {
  const file = raisedPrices(t);
  const data = await shop(t);
  const first = await serve(t, { data });
  const [imported] = await Promise.all([importFile(data, 'products', file), first.kill()]);
  assert.equal(imported.updated, rows.length);
  const again = await serve(t, { data });
  const { json } = await ask(again, { message: `how much is ${rows[0].sku}?`, audience: 'shopper' });
  assert.ok(json.message.includes(`$${(Number(rows[0].price) + 1).toFixed(2)}`), json.message);
});

/// What a provider was told of the conversation before the last question.
const history = (request) =>
  request.json.messages.filter(({ role }) => role !== 'system').slice(0, -1).map(({ content }) => content);

test('every turn that was answered is in the conversation after kill -9, round after round', async (t) => {
  const server = await scripted(t, (request, response) =>
    sendJson(response, ollamaReply(`answer to ${request.json.messages.at(-1).content}`)));
  const data = await shop(t);
  const wanted = [];
  for (let round = 0; round < 5; ++round) {
    const service = await serve(t, { data, env: ollamaAt(server.url) });
    const message = `question ${round}`;
    const { status, json } = await ask(service, { message, agent: 'executive', conversation_id: 'k-1' });
    await service.kill(); // the very moment the answer is here
    assert.equal(status, 200);
    assert.deepEqual(history(server.requests.at(-1)), wanted, `round ${round}`);
    wanted.push(message, json.message);
  }
});

test('an answered stream is in the conversation after kill -9', async (t) => {
  const data = await shop(t);
  const server = await scripted(t, (request, response) => sendJson(response, ollamaReply('Noted.')));
  const service = await serve(t, { data });
  const { events } = await stream(service, { message: 'status of order AMZ-100002', agent: 'marketplace', conversation_id: 'k-2' });
  let reply;
  for await (const { event, data: told } of events) {
    if (event !== 'completed') continue;
    await service.kill();
    reply = told.reply;
    break;
  }
  const again = await serve(t, { data, env: ollamaAt(server.url) });
  await ask(again, { message: 'and now?', agent: 'marketplace', conversation_id: 'k-2' });
  assert.deepEqual(history(server.requests[0]), ['status of order AMZ-100002', reply.message]);
});

test('a turn that was cut down by kill -9 leaves nothing half written', async (t) => {
  const data = await shop(t);
  const server = await scripted(t, (request, response) => {
    const { content } = request.json.messages.at(-1);
    if (content !== 'never answered') sendJson(response, ollamaReply(`answer to ${content}`));
  });
  const first = await serve(t, { data, env: ollamaAt(server.url) });
  const conversation = { agent: 'executive', conversation_id: 'k-3' };
  await ask(first, { ...conversation, message: 'first' });
  const cut = ask(first, { ...conversation, message: 'never answered' }).catch((why) => why);
  await server.received(2);
  await first.kill();
  assert.ok((await cut) instanceof Error);

  const again = await serve(t, { data, env: ollamaAt(server.url) });
  const { json } = await ask(again, { ...conversation, message: 'second' });
  assert.equal(json.message, 'answer to second');
  assert.deepEqual(history(server.requests.at(-1)), ['first', 'answer to first']);
});

test('many conversations under load keep what they were told', async (t) => {
  const data = await shop(t);
  const first = await serve(t, { data });
  const told = new Map();
  const asking = Array.from({ length: 8 }, async (_, i) => {
    for (let n = 0; ; ++n) {
      const message = `what should I charge for AUD-100${1 + (n % 3)}? (${n})`;
      const reply = await ask(first, { message, agent: 'pricing', conversation_id: `load-${i}` }).catch(() => undefined);
      if (reply?.status !== 200) return;
      told.set(`load-${i}`, [...(told.get(`load-${i}`) ?? []), message]);
      if (told.size === 8 && [...told.values()].every((all) => all.length >= 3)) first.signal('SIGKILL');
    }
  });
  await Promise.all(asking);
  const server = await scripted(t, (request, response) => sendJson(response, ollamaReply('Yes.')));
  const again = await serve(t, { data, env: ollamaAt(server.url) });
  for (const [conversation_id, messages] of told) {
    await ask(again, { message: 'the last one', agent: 'pricing', conversation_id });
    const questions = history(server.requests.at(-1)).filter((_, i) => i % 2 === 0);
    // The prompt carries the latest five exchanges; one more than we heard of may have been kept.
    const heard = messages.slice(-4);
    const at = questions.indexOf(heard[0]);
    assert.ok(at >= 0, `${conversation_id}: ${questions} holds ${heard}`);
    assert.deepEqual(questions.slice(at, at + heard.length), heard);
  }
});

test('a damaged database is refused at the start, in words', async (t) => {
  for (const name of ['catalogue.db', 'conversations.db']) {
    const data = await shop(t);
    const service = await serve(t, { data });
    await ask(service, { message: 'AUD-1001', agent: 'pricing' });
    await service.stop();
    fs.writeFileSync(path.join(data, name), 'this is no database, whatever its name says\n'.repeat(200));
    const done = await run(['serve', '--listen', '127.0.0.1:0', '--data', data]);
    assert.equal(done.code, 3, name);
    assert.match(done.stderr, /not a database|malformed/);
  }
});
