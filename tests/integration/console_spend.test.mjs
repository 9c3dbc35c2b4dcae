// What the console page shows of money and of how providers fare, against what the service says of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertClean, lastTurn, openConsole, say, shows, useChromium } from './browser.mjs';
import { get, request, run, serve, shop } from './harness.mjs';
import { aimock, openaiAt } from './providers.mjs';

useChromium();

const question = 'what should I charge for AUD-1001?';
/// gpt-4-turbo costs $10 and $30 per million tokens.
const priced = (mock, more = {}) =>
  openaiAt(mock.url, { LLM_MODEL: 'gpt-4-turbo', ENABLE_CACHING: 'true', FLIPSYNC_MODELS_RETRY_BASE: '5ms', ...more });

async function answering(t) {
  const mock = await aimock(t);
  mock.on({ userMessage: /charge/, sequenceIndex: 0 }, { error: { message: 'busy', type: 'server_error' }, status: 503 });
  mock.onMessage(/.*/, { content: 'What the rules say.' });
  return mock;
}

const asSeller = (page) => page.getByRole('radio', { name: 'Seller' }).check({ force: true });
const tile = (page, name) => page.locator('.tiles div', { has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) }).locator('dd');
const row = (page, table, name) => page.getByRole('table', { name: table }).getByRole('row', { name });
const cellsOf = (locator) => locator.getByRole('cell').allTextContents();
/// What an amount of the API looks like, for those below a dollar that end before the tenth digit.
const dollars = (amount) => `$${amount}`;

test('costs, limits, calls and failures on the page are those of the API', async (t) => {
  const mock = await answering(t);
  const service = await serve(t, { data: await shop(t), env: priced(mock, { FLIPSYNC_COSTS_PER_TENANT: '0.09' }) });
  const page = await openConsole(t, service);
  await asSeller(page);
  await say(page, question);
  const turn = lastTurn(page);
  await shows(turn.status, 'Ok');
  const { limits, models: [spent] } = (await get(service, '/api/v1/budget')).json;
  assert.ok(spent.cost_usd > 0);
  await shows(turn.how, new RegExp(`Cost\\${dollars(spent.cost_usd)} · ${spent.tokens.in} → ${spent.tokens.out} tokens`));
  await shows(tile(page, 'Cost'), dollars(spent.cost_usd));
  await shows(tile(page, 'Wasted'), '$0');
  for (const [name, limit] of [['All tenants', 'day'], ['Tenant default', 'tenant']]) {
    const said = limits.find((line) => line.limit === limit);
    const meter = page.getByRole('meter', { name: `${name}, spent today` });
    assert.equal(Number(await meter.getAttribute('aria-valuenow')), said.spent_usd);
    assert.equal(Number(await meter.getAttribute('aria-valuemax')), said.limit_usd);
  }
  await shows(page.locator('.limit').nth(1), `Tenant default${dollars(spent.spent_usd ?? spent.cost_usd)} of $0.09`);
  assert.deepEqual(await cellsOf(row(page, 'Spending by model', /^gpt-4-turbo/)),
    ['1', String(spent.tokens.in + spent.tokens.out), dollars(spent.cost_usd)]);

  const provider = (await get(service, '/api/v1/providers')).json.providers.find(({ name }) => name === 'openai');
  assert.deepEqual([provider.attempts, provider.failures], [2, 1]);
  await shows(row(page, 'Model providers', /^openai/), /openai 0[\d.]+ ms21/);
  await shows(page.locator('.row-detail', { hasText: 'tried again' }), 'gpt-4-turbo · failed: 1 server error · 1 tried again');
  const model = row(page, 'Models', /^gpt-4-turbo/);
  await shows(model, /^gpt-4-turbo 21[\d.]+ ms[\d.]+ ms$/);
  const { text } = await get(service, '/metrics');
  const sum = (name) => Number(new RegExp(`^${name}_sum\\{[^}]*\\} ([\\d.]+)`, 'm').exec(text)[1]);
  const shown = (await cellsOf(model))[2];
  assert.ok(Math.abs(parseFloat(shown) - sum('gen_ai_server_time_to_first_token_seconds') * 1000) <= 0.5, shown);
  assertClean(page);
});

test('what the caches saved is shown with the cache that saved it', async (t) => {
  const mock = await answering(t);
  const service = await serve(t, { data: await shop(t), env: priced(mock) });
  const body = { model: 'gpt-4-turbo', temperature: 0, messages: [{ role: 'user', content: 'hello' }] };
  for (let i = 0; i < 3; ++i) await request(service, 'POST', '/v1/chat/completions', { body });
  const page = await openConsole(t, service);
  const turns = (await get(service, '/api/v1/cache')).json.caches.find((cache) => cache.class === 'turns');
  assert.equal(turns.hits, 2);
  await shows(tile(page, 'Saved'), dollars(turns.saved_usd));
  await row(page, 'Caches', /^Turns/).waitFor();
  assert.deepEqual(await cellsOf(row(page, 'Caches', /^Turns/)), ['2', '67 %', String(turns.saved_tokens), dollars(turns.saved_usd)]);
  assertClean(page);
});

test('a limit that is nearly spent is told by its colour and in words', async (t) => {
  const mock = await answering(t);
  const service = await serve(t, { data: await shop(t), env: priced(mock, { FLIPSYNC_COSTS_PER_DAY: '0.03' }) });
  const asked = (i) => ({ model: 'gpt-4-turbo', max_tokens: 50, messages: [{ role: 'user', content: `${i} ${'hello '.repeat(100)}` }] });
  let last = { status: 200 };
  for (let i = 0; last.status === 200 && i < 60; ++i) last = await request(service, 'POST', '/v1/chat/completions', { body: asked(i) });
  assert.equal(last.status, 429, 'until the limit refuses one');
  const [day] = (await get(service, '/api/v1/budget')).json.limits;
  assert.ok(day.spent_usd > 0.024 && day.spent_usd <= 0.03, `${day.spent_usd}`);
  const page = await openConsole(t, service);
  const limit = page.locator('.limit').first();
  await shows(limit, /^All tenants\$0\.0\d+ of \$0\.03$/);
  assert.equal(await limit.getAttribute('data-tone'), 'warn');
  assertClean(page);
});

test('a shopper sees no costs, and neither does who goes on with a shopper\'s key', async (t) => {
  const mock = await answering(t);
  const data = await shop(t);
  const keyOf = async (role) => (await run(['keys', 'add', '--data', data, '--role', role])).stdout.trim();
  const [operator, shopper] = [await keyOf('operator'), await keyOf('shopper')];
  const service = await serve(t, { data, env: priced(mock) });
  const page = await openConsole(t, service, { ready: false, allowed: [/status of 40[13]/] });
  const dialog = page.getByRole('dialog', { name: 'API key' });
  const use = async (key) => {
    await dialog.getByLabel('Key', { exact: true }).fill(key);
    await page.keyboard.press('Enter');
  };
  await use(operator);
  const spending = page.getByRole('heading', { name: 'Spending today' });
  await spending.waitFor();
  await say(page, 'Do you have wireless headphones under $70?');
  await shows(lastTurn(page).status, 'Ok');
  const line = page.locator('.how dt.cost').last();
  await line.waitFor({ state: 'visible' });
  await page.getByRole('button', { name: 'API key' }).click();
  await use(shopper);
  await spending.waitFor({ state: 'hidden' });
  await line.waitFor({ state: 'hidden' });
  await say(page, 'Show me something for the kitchen');
  await page.locator('.turn').nth(1).waitFor();
  await shows(lastTurn(page).status, 'Ok');
  const forbidden = await get(service, '/api/v1/budget', { headers: { authorization: `Bearer ${shopper}` } });
  assert.equal(forbidden.status, 403);
  for (const name of ['Spending today', 'Models', 'Caches'])
    assert.equal(await page.getByRole('heading', { name, exact: true }).isVisible(), false, name);
  assert.equal(await page.locator('.cost:visible').count(), 0);
  assertClean(page);
});
