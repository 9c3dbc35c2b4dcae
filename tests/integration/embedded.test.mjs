// The embedded default: answers from the shop's own data, without any model.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { ask, csv, get, importFile, sample, scratch, serve, shop } from './harness.mjs';

const products = csv(sample('products'));
const product = (sku) => products.find((row) => row.sku === sku);

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

test('a shopper\'s question is answered with the catalogue\'s own products and prices', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const { status, json } = await ask(service, {
    message: 'show me wireless headphones under $100',
    audience: 'shopper',
  });
  assert.equal(status, 200);
  assert.equal(json.status, 'ok');
  assert.equal(json.agent, 'concierge');
  assert.ok(json.route.score > 0.3, `score ${json.route.score}`);
  assert.ok(json.route.matched.length > 0);
  assert.deepEqual(
    json.parts.map(({ name, status: how }) => `${name} ${how}`),
    ['response ok', 'product_decision heuristic', 'products ok', 'quick_replies ok'],
  );
  const [response] = json.parts;
  assert.equal(response.required, true);
  assert.equal(response.provider, 'offline');
  assert.equal(response.model, 'facts-1');
  assert.equal(json.usage.cost_usd, 0);
  assert.ok(json.products.length >= 2);
  for (const card of json.products) {
    const row = product(card.sku);
    assert.equal(card.title, row.title);
    assert.equal(card.price, Number(row.price));
    assert.ok(card.price < 100, `${card.sku} costs ${card.price}`);
    assert.equal(card.in_stock, Number(row.stock) > 0);
    assert.ok(json.message.includes(row.title), `the message names ${row.title}`);
    assert.ok(json.message.includes(`$${row.price}`), `the message names $${row.price}`);
  }
  assert.ok(json.quick_replies.length > 0 && json.quick_replies.length <= 4);
});

test('the search finds every product that it should', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const { json } = await ask(service, { message: 'show me standing desk converters', audience: 'shopper' });
  const wanted = products.filter((row) => /standing desk converter/i.test(row.title)).map((row) => row.sku);
  const shown = json.products.map((card) => card.sku);
  assert.ok(wanted.length > 0);
  for (const sku of wanted) assert.ok(shown.includes(sku), `${sku} is among ${shown}`);
});

test('a seller\'s price question follows the pricing rules to the cent', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const { json } = await ask(service, { message: 'what should I charge for AUD-1001?', audience: 'seller' });
  assert.equal(json.status, 'ok');
  assert.equal(json.agent, 'pricing');
  const row = product('AUD-1001');
  // The newest price of each rival; the file is sorted by rival and time.
  const rivals = new Map(
    csv(sample('prices'))
      .filter((seen) => seen.sku === 'AUD-1001')
      .map((seen) => [seen.competitor + seen.marketplace, Number(seen.price)]),
  );
  const highest = Math.max(...rivals.values());
  const margin = (row.price - row.cost) / row.price;
  assert.ok(Number(row.stock) < 10 && margin > 0.3, 'the sample makes it a premium product');
  const premium = Math.min(Math.round(highest * 105) / 100, Math.round(row.cost * 150) / 100);
  assert.ok(json.message.includes(`Charge $${premium.toFixed(2)}`), json.message);
  assert.ok(json.message.includes(`instead of $${row.price}`), json.message);
  assert.ok(json.message.includes('premium'), json.message);
});

test('a warm answer takes less than 50 ms', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const turn = { message: 'show me wireless headphones under $100', audience: 'shopper' };
  await ask(service, turn);
  const times = [];
  for (let i = 0; i < 20; ++i) times.push((await ask(service, turn)).ms);
  t.diagnostic(`median ${median(times).toFixed(2)} ms`);
  assert.ok(median(times) < 50, `median ${median(times)} ms`);
});

test('an import beside the running service shows in the next answer', async (t) => {
  const data = await shop(t);
  const service = await serve(t, { data });
  const turn = { message: 'how much is AUD-1001?', audience: 'shopper' };
  const before = await ask(service, turn);
  assert.ok(before.json.message.includes('$66.99'), before.json.message);
  const lines = fs.readFileSync(sample('products'), 'utf8').split('\n');
  const header = lines[0];
  const changed = lines.find((line) => line.startsWith('AUD-1001,')).replace(',66.99,', ',58.49,');
  const file = path.join(scratch(t), 'changed.csv');
  fs.writeFileSync(file, `${header}\n${changed}\n`);
  await importFile(data, 'products', file);
  const after = await ask(service, turn);
  assert.ok(after.json.message.includes('$58.49'), after.json.message);
  assert.ok(!after.json.message.includes('66.99'), after.json.message);
  assert.equal(after.json.products[0]?.price ?? 58.49, 58.49);
});

test('a product that is imported beside the running service can be found', async (t) => {
  const data = await shop(t);
  const service = await serve(t, { data });
  const file = path.join(scratch(t), 'new.csv');
  fs.writeFileSync(file, 'sku,title,price,category,stock\nNEW-1,Quokkaline Teleprompter,77.70,Studio,4\n');
  await importFile(data, 'products', file);
  const { json } = await ask(service, { message: 'do you have a quokkaline teleprompter?', audience: 'shopper' });
  assert.deepEqual(json.products.map(({ sku, price }) => [sku, price]), [['NEW-1', 77.7]]);
});

test('ten questions reach ten agents', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const questions = {
    executive: 'What is our strategy for this quarter, and what are the biggest risks?',
    market: 'How fast does AUD-1001 sell, and where is it in its price band?',
    competitor: 'Which competitors undercut us on AUD-1001?',
    pricing: 'What should I charge for AUD-1001?',
    content: 'What is the SEO score of the title of AUD-1001?',
    listing: 'Validate the Amazon listing of AUD-1001',
    inventory: 'When should I reorder AUD-1001?',
    logistics: 'What is the cheapest carrier to ship AUD-1001 to zone local?',
    marketplace: 'What is the status of order AMZ-100002?',
    concierge: 'Show me wireless headphones',
  };
  const said = new Map();
  for (const [agent, message] of Object.entries(questions)) {
    const audience = agent === 'concierge' ? 'shopper' : 'seller';
    const { status, json } = await ask(service, { message, audience });
    assert.equal(status, 200);
    assert.equal(json.agent, agent, message);
    assert.equal(json.status, 'ok', message);
    said.set(json.message, agent);
  }
  assert.equal(said.size, 10, 'each agent says something of its own');
  const { json } = await get(service, '/api/v1/agents');
  for (const agent of json.agents) assert.equal(agent.turns, 1, `${agent.name} took one turn`);
});

test('an agent is reached by its name and by its alias, whatever the message', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  for (const [asked, answers] of [['pricing', 'pricing'], ['auto_pricing', 'pricing'], ['ebay', 'marketplace']]) {
    const { json } = await ask(service, { message: 'AUD-1001', agent: asked });
    assert.equal(json.agent, answers);
  }
});

test('a pronoun means the product of the turn before, also after a restart', async (t) => {
  const data = await shop(t);
  const first = await serve(t, { data });
  const conversation = { audience: 'shopper', conversation_id: 'memory-1' };
  const shown = await ask(first, { ...conversation, message: 'show me wireless headphones' });
  const [top] = shown.json.products;
  const second = await ask(first, { ...conversation, message: 'is it in stock?' });
  assert.equal(second.json.agent, 'concierge');
  assert.ok(second.json.message.includes(top.title), second.json.message);
  assert.deepEqual(await first.stop(), { code: 0, signal: null });

  const again = await serve(t, { data });
  const third = await ask(again, { ...conversation, message: 'how much is it?' });
  assert.ok(third.json.message.includes(top.title), third.json.message);
  assert.ok(third.json.message.includes(`$${product(top.sku).price}`), third.json.message);

  const stranger = await ask(again, { audience: 'shopper', message: 'is it in stock?' });
  assert.equal(stranger.json.status, 'ok');
  assert.ok(!stranger.json.message.includes(top.title), 'another conversation does not know it');
});

test('a seller\'s follow-up goes to another agent and stays with the product', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const conversation = { audience: 'seller', conversation_id: 'memory-2' };
  await ask(service, { ...conversation, message: 'what should I charge for AUD-1001?' });
  for (const [message, agent] of [['and its margin?', 'pricing'], ['when should we reorder it?', 'inventory']]) {
    const { json } = await ask(service, { ...conversation, message });
    assert.equal(json.agent, agent, message);
    assert.ok(json.message.includes('AUD-1001'), json.message);
  }
});

test('turns sent at once into one conversation each get their own answer', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const skus = ['AUD-1001', 'AUD-1002', 'AUD-1003', 'AUD-1011'];
  const replies = await Promise.all(
    skus.map((sku) =>
      ask(service, { audience: 'shopper', conversation_id: 'busy-1', message: `how much is ${sku}?` }),
    ),
  );
  replies.forEach(({ json }, i) => {
    assert.equal(json.conversation_id, 'busy-1');
    assert.ok(json.message.includes(`$${product(skus[i]).price}`), json.message);
  });
});
