// Money: what a turn costs, and that a provider is not asked once it is spent.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { ask, counted, get, request, run, scratch, serve, streamed } from './harness.mjs';
import { deadAddress, ollamaAt, ollamaReply, openaiAt, openaiReply, scripted, sendJson } from './providers.mjs';

/// gpt-4-turbo, 11 tokens in at $10 and 7 out at $30 per million.
const oneAnswer = 0.00032;
const turn = { message: 'good morning', agent: 'content' };
const limited = (more) => ({ LLM_MODEL: 'gpt-4-turbo', ...more });

const sound = (t) => scripted(t, (request, response) => sendJson(response, openaiReply('A good morning.')));

test('a reply, the budget and the metrics agree on what was spent', async (t) => {
  const model = await sound(t);
  const service = await serve(t, { data: scratch(t), env: openaiAt(model.url, limited()) });
  const { json } = await ask(service, turn);
  const part = json.parts.find((each) => each.provider === 'openai');
  assert.equal(part.cost_usd, oneAnswer);
  assert.deepEqual(json.usage, { in: 11, out: 7, cost_usd: oneAnswer, wasted_usd: 0, saved_usd: 0 });
  const budget = (await get(service, '/api/v1/budget')).json;
  const day = budget.limits.find((each) => each.limit === 'day');
  assert.equal(day.limit_usd, 10);
  assert.equal(day.spent_usd, oneAnswer);
  assert.equal(day.reserved_usd, 0);
  assert.equal(day.left_usd, 10 - oneAnswer);
  assert.deepEqual(budget.models, [{
    tenant: 'default', provider: 'openai', model: 'gpt-4-turbo', answers: 1, failures: 0,
    tokens: { in: 11, out: 7 }, cost_usd: oneAnswer, wasted_usd: 0,
  }]);
  assert.equal(budget.resets_at.slice(11), '00:00:00.000Z');
  await counted(service, /flipsync_model_cost_usd_total\{[^}]*model="gpt-4-turbo"[^}]*\} 0\.00032/);
  assert.match(service.stderr, /event=turn .*cost_usd=0\.00032/);
});

test('the command line tells the budget as the service has it, and what the caches saved', async (t) => {
  const model = await sound(t);
  const env = openaiAt(model.url, limited({ ENABLE_CACHING: 'true', FLIPSYNC_COSTS_PER_TENANT: '2.5' }));
  const service = await serve(t, { data: scratch(t), env });
  const nothing = await run(['budget', '--url', service.url]);
  assert.equal(nothing.code, 0, nothing.stderr);
  assert.match(nothing.stdout, /No model call has cost anything today\./);
  const body = { model: 'gpt-4-turbo', temperature: 0, messages: [{ role: 'user', content: 'hello' }] };
  for (let i = 0; i < 3; ++i) await request(service, 'POST', '/v1/chat/completions', { body });
  const { stdout } = await run(['budget', '--url', `${service.url}/`]);
  const row = (...cells) => new RegExp(`^${cells.map((cell) => cell.replace(/[$.]/g, '\\$&')).join(' +')}$`, 'm');
  assert.match(stdout, row('day', '$0.00032', '$0', '$10', '$9.99968'));
  assert.match(stdout, row('tenant', 'default', '$0.00032', '$0', '$2.5', '$2.49968'));
  assert.match(stdout, row('request', '$0.1'));
  assert.match(stdout, row('conversation', 'none'));
  assert.match(stdout, row('default', 'openai', 'gpt-4-turbo', '1', '0', '11', '7', '$0.00032', '$0'));
  assert.match(stdout, /since the service started: \$0\.00064, 36 tokens\.\n$/);
  const told = JSON.parse((await run(['budget', '--json', '--url', service.url])).stdout);
  assert.deepEqual(told.budget, (await get(service, '/api/v1/budget')).json);
  assert.deepEqual([told.saved.cost_usd, told.saved.tokens], [2 * oneAnswer, 36]);
  const nowhere = await deadAddress();
  const lost = await run(['budget', '--url', nowhere]);
  assert.equal(lost.code, 3);
  assert.ok(lost.stderr.includes(`the service at ${nowhere} does not answer`), lost.stderr);
});

test('a seller is told its own tenant\'s budget, and a shopper none', async (t) => {
  const model = await sound(t);
  const data = scratch(t);
  const keyOf = async (tenant, role) => {
    const made = await run(['keys', 'add', '--data', data, '--tenant', tenant, '--role', role]);
    const file = path.join(data, `${tenant}-${role}`);
    fs.writeFileSync(file, made.stdout);
    return { file, headers: { authorization: `Bearer ${made.stdout.trim()}` } };
  };
  const mine = await keyOf('mine', 'seller');
  const other = await keyOf('other', 'seller');
  const shopper = await keyOf('mine', 'shopper');
  const service = await serve(t, { data, env: openaiAt(model.url, limited()) });
  for (const { headers } of [mine, other]) assert.equal((await ask(service, turn, { headers })).status, 200);
  const seen = await run(['budget', '--url', service.url, '--key-file', mine.file]);
  assert.equal(seen.code, 0, seen.stderr);
  assert.match(seen.stdout, /^tenant +mine +\$0\.00032/m);
  assert.doesNotMatch(seen.stdout, /other|^day/m);
  for (const file of [[], ['--key-file', shopper.file]]) {
    const refused = await run(['budget', '--url', service.url, ...file]);
    assert.equal(refused.code, 1);
    assert.equal(refused.stdout, '');
    assert.match(refused.stderr, /the service answers 40[13]/);
  }
});

test('a provider sees no call when the budget is gone, and the reply says which limit and when it resets', async (t) => {
  const model = await sound(t);
  const service = await serve(t, { data: scratch(t), env: openaiAt(model.url, limited({ FLIPSYNC_COSTS_PER_DAY: '0.001' })) });
  const refused = await ask(service, turn);
  assert.equal(refused.status, 422);
  assert.equal(refused.json.code, 'over_budget');
  assert.equal(refused.json.limit, 'day');
  assert.equal(refused.json.limit_usd, '0.001');
  assert.equal(refused.json.spent_usd, '0');
  assert.match(refused.json.resets_at, /T00:00:00\.000Z$/);
  assert.match(refused.json.detail, /the day's limit of \$0\.001/);
  const events = await streamed(service, turn);
  assert.equal(events.at(-1).data.reply.error.code, 'over_budget');
  const facade = await request(service, 'POST', '/v1/chat/completions', {
    body: { model: 'gpt-4-turbo', messages: [{ role: 'user', content: 'hello' }], max_tokens: 1000 },
  });
  assert.equal(facade.status, 429);
  assert.equal(facade.json.error.code, 'insufficient_quota');
  assert.equal(model.requests.length, 0);
  await counted(service, /flipsync_budget_refusals_total\{limit="day"\} 3/);
  await service.logged(/event=budget limit=day .*percent=100/);
});

test('turns at once do not overspend together: the provider sees no more calls than the day can pay', async (t) => {
  const model = await sound(t);
  const service = await serve(t, { data: scratch(t), env: openaiAt(model.url, limited({ FLIPSYNC_COSTS_PER_DAY: '0.1' })) });
  // Each call sets aside 1,000 tokens of answer, $0.03, and its prompt.
  const body = { model: 'gpt-4-turbo', messages: [{ role: 'user', content: 'hello' }], max_tokens: 1000 };
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => request(service, 'POST', '/v1/chat/completions', { body })));
  const ok = answers.filter((answer) => answer.status === 200).length;
  assert.ok(ok >= 3, `${ok} of 20 fit`);
  assert.equal(model.requests.length, ok);
  assert.ok(answers.every((answer) => answer.status === 200 || answer.json.error.code === 'insufficient_quota'));
  const { limits } = (await get(service, '/api/v1/budget')).json;
  assert.ok(Math.abs(limits[0].spent_usd - ok * oneAnswer) < 1e-9);
});

test('a fallback that costs nothing answers when the budget is gone, by its name', async (t) => {
  const dear = await sound(t);
  const free = await scripted(t, (request, response) => sendJson(response, ollamaReply('From the cellar.')));
  const service = await serve(t, {
    data: scratch(t),
    env: { ...ollamaAt(free.url), ...openaiAt(dear.url, limited({ FLIPSYNC_COSTS_PER_DAY: '0.001' })) },
  });
  const { status, json } = await ask(service, turn);
  assert.equal(status, 200);
  assert.equal(json.message, 'From the cellar.');
  const part = json.parts.find((each) => each.provider === 'ollama');
  assert.match(part.why_model, /openai may cost more than is left to spend/);
  assert.equal(json.usage.cost_usd, 0);
  assert.equal(dear.requests.length, 0);
});

test('what a turn cost is kept before it has completed: kill -9 does not give the day anew', async (t) => {
  const model = await sound(t);
  const data = scratch(t);
  const env = openaiAt(model.url, limited({ FLIPSYNC_COSTS_PER_DAY: '0.2' }));
  const first = await serve(t, { data, env });
  assert.equal((await ask(first, turn)).status, 200);
  await first.kill();
  const second = await serve(t, { data, env });
  const { limits, models } = (await get(second, '/api/v1/budget')).json;
  assert.equal(limits[0].spent_usd, oneAnswer);
  assert.equal(models[0].answers, 1);
  await second.kill();
  const third = await serve(t, { data, env: { ...env, FLIPSYNC_COSTS_PER_DAY: String(oneAnswer) } });
  assert.equal((await ask(third, turn)).json.code, 'over_budget');
  assert.equal(model.requests.length, 1);
});

test('a stream that was cut is waste in the reply and in the budget, and no answer', async (t) => {
  const model = await scripted(t, (request, response, number) => {
    if (number > 1) return sendJson(response, openaiReply('Whole.'));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const chunk = { model: 'gpt-4-turbo', choices: [{ index: 0, delta: { content: 'Half an ans' } }] };
    response.write(`data: ${JSON.stringify(chunk)}\n\n`, () => response.socket.destroy());
  });
  const service = await serve(t, { data: scratch(t), env: openaiAt(model.url, limited({ FLIPSYNC_MODELS_RETRY_BASE: '5ms' })) });
  const events = await streamed(service, turn);
  const { reply } = events.at(-1).data;
  assert.equal(reply.message, 'Whole.');
  assert.equal(reply.usage.cost_usd, oneAnswer);
  assert.ok(reply.usage.wasted_usd > 0, `${reply.usage.wasted_usd}`);
  const { models } = (await get(service, '/api/v1/budget')).json;
  assert.equal(models[0].answers, 1);
  assert.equal(models[0].failures, 1);
  assert.equal(models[0].wasted_usd, reply.usage.wasted_usd);
});

test('a price file of one\'s own goes before the shipped prices, and a broken one is refused at the start', async (t) => {
  const model = await sound(t);
  const folder = scratch(t);
  const file = path.join(folder, 'prices.toml');
  const price = (input) =>
    `[[price]]\nprovider = "openai"\nmodel = "gpt-4-turbo"\ninput = ${input}\noutput = 0\ndate = 2026-11-25\n`;
  fs.writeFileSync(file, price(1000));
  const env = openaiAt(model.url, limited({ FLIPSYNC_COSTS_PRICES_FILE: file, FLIPSYNC_COSTS_PER_REQUEST: '0' }));
  const service = await serve(t, { data: scratch(t), env });
  assert.equal((await ask(service, turn)).json.usage.cost_usd, 0.011);
  fs.writeFileSync(file, price(-1));
  const { code, stderr } = await run(['serve', '--check-config'], { env: { ...env, HOME: folder } });
  assert.notEqual(code, 0);
  assert.match(stderr, /prices\.toml:4: input: allowed/);
});
