// Turns that a model answers: what it is asked, and what becomes of what it says.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { ask, scratch, serve, shop, streamed } from './harness.mjs';
import { aimock, anthropicAt, geminiAt, key, ollamaAt, ollamaReply, openaiAt, scripted, sendJson } from './providers.mjs';

const said = 'Charge what the rules say, word by word.';
const seller = { message: 'what should I charge for AUD-1001?', audience: 'seller' };

const system = (body) => {
  assert.equal(body.messages[0].role, 'system');
  return body.messages[0].content;
};
const rest = (body) => body.messages.slice(1).map(({ role, content }) => [role, content]);
const bodies = (mock) => mock.getRequests().filter(({ method }) => method === 'POST').map(({ body }) => body);

/// `asked` is what the pricing agent's temperature of 0.2 and 500 tokens become: models that think get
/// room for it, and some take no temperature.
const plainly = { temperature: 0.2, max_tokens: 500 };
const providers = [
  { name: 'ollama', at: ollamaAt, model: 'gemma3:4b', path: '/api/chat', keyed: false, asked: plainly },
  { name: 'openai', at: openaiAt, model: 'gpt-4-turbo', path: '/v1/chat/completions', keyed: true, asked: plainly },
  {
    name: 'anthropic',
    at: anthropicAt,
    model: 'claude-haiku-5-5',
    path: '/v1/messages',
    keyed: true,
    asked: { temperature: undefined, max_tokens: 1524 },
  },
  {
    name: 'gemini',
    at: geminiAt,
    model: 'gemini-3.5-flash-lite',
    path: '/v1beta/models/gemini-3.5-flash-lite:generateContent',
    keyed: true,
    asked: { temperature: 0.2, max_tokens: 1524 },
  },
];

for (const provider of providers) {
  test(`${provider.name} answers a turn, and gets the role, the facts and the question`, async (t) => {
    const mock = await aimock(t, { keyed: provider.keyed });
    mock.onMessage(/.*/, { content: said });
    // Each vendor's default model, whatever the message.
    const env = provider.at(mock.url, { FLIPSYNC_ROUTING_BY_COMPLEXITY: 'false' });
    const service = await serve(t, { data: await shop(t), env });
    const { status, json } = await ask(service, seller);
    assert.equal(status, 200);
    assert.equal(json.status, 'ok');
    assert.equal(json.message, said);
    const [response] = json.parts;
    assert.equal(response.provider, provider.name);
    assert.equal(response.model, provider.model);
    assert.deepEqual(response.attempts.map(({ outcome }) => outcome), ['ok']);

    assert.equal(mock.getRequests().length, 1, 'one call answers a turn');
    const [{ path: called, body }] = mock.getRequests();
    assert.equal(called, provider.path);
    assert.equal(body.model, provider.model);
    assert.ok(system(body).startsWith('You set prices for an online shop.'), system(body));
    assert.ok(json.facts.length > 0);
    for (const fact of json.facts) assert.ok(system(body).includes(fact), `the prompt holds: ${fact}`);
    assert.deepEqual(rest(body), [['user', seller.message]]);
    assert.deepEqual({ temperature: body.temperature, max_tokens: body.max_tokens }, provider.asked);
  });

  test(`${provider.name} streams: its chunks are the tokens`, async (t) => {
    const mock = await aimock(t, { keyed: provider.keyed, chunkSize: 5 });
    mock.onMessage(/.*/, { content: said });
    const service = await serve(t, { data: await shop(t), env: provider.at(mock.url) });
    const events = await streamed(service, seller);
    const tokens = events.filter(({ event }) => event === 'token').map(({ data }) => data.text);
    assert.deepEqual(tokens, said.match(/.{1,5}/gs));
    const last = events.at(-1);
    assert.equal(last.event, 'completed');
    assert.equal(last.data.reply.message, said);
    assert.equal(bodies(mock)[0].stream, true);
  });

  test(`${provider.name} gets the conversation so far on the second turn`, async (t) => {
    const mock = await aimock(t, { keyed: provider.keyed });
    mock.onMessage(/charge/, { content: said });
    mock.onMessage(/reorder/, { content: 'Not yet.' });
    const service = await serve(t, { data: await shop(t), env: provider.at(mock.url) });
    const first = await ask(service, { ...seller, conversation_id: 'h-1' });
    const second = await ask(service, { ...seller, message: 'when should we reorder it?', conversation_id: 'h-1' });
    assert.equal(first.json.message, said);
    assert.equal(second.json.message, 'Not yet.');
    assert.equal(second.json.agent, 'inventory');
    const body = bodies(mock)[1];
    assert.deepEqual(rest(body), [
      ['user', seller.message],
      ['assistant', said],
      ['user', 'when should we reorder it?'],
    ]);
    assert.ok(system(body).includes('AUD-1001'), 'the facts are about the product of the first turn');
    await ask(service, { ...seller, conversation_id: 'h-2' });
    assert.deepEqual(rest(bodies(mock)[2]), [['user', seller.message]], 'another conversation has none');
  });
}

test('a complex message goes to the strong model, and the reply says why', async (t) => {
  const mock = await aimock(t, { keyed: true });
  mock.onMessage(/.*/, { content: said });
  const service = await serve(t, { data: await shop(t), env: anthropicAt(mock.url) });
  const message = 'Compare AUD-1001 with its rivals, weigh margin against sales, and explain step by step what to charge.';
  const [response] = (await ask(service, { ...seller, message, agent: 'pricing' })).json.parts;
  assert.equal(response.model, 'claude-opus-5-5');
  assert.match(response.why_model, /complex/);
  const [simple] = (await ask(service, { ...seller, message: 'margin of AUD-1001?', agent: 'pricing' })).json.parts;
  assert.equal(simple.model, 'claude-haiku-5-5');
});

test('openai is given the key as a bearer, and answers nobody without it', async (t) => {
  const server = await scripted(t, (request, response) => sendJson(response, '{}', 401));
  const service = await serve(t, { data: await shop(t), env: openaiAt(server.url) });
  await ask(service, seller);
  assert.equal(server.requests[0].headers.authorization, `Bearer ${key}`);
});

test('a shopper\'s model is told neither cost nor margin', async (t) => {
  const mock = await aimock(t);
  mock.onMessage(/.*/, { content: 'I cannot say.' });
  const service = await serve(t, { data: await shop(t), env: ollamaAt(mock.url) });
  await ask(service, { message: 'what is your margin on AUD-1001?', audience: 'shopper' });
  const prompt = system(bodies(mock)[0]);
  assert.ok(prompt.includes('66.99'), 'the price is there');
  assert.ok(!prompt.includes('38.18') && !/\b43 ?%/.test(prompt) && !prompt.includes('28.81'), prompt);
});

test('the model of a shopper does not see what a seller said in the same conversation', async (t) => {
  const mock = await aimock(t);
  mock.onMessage(/charge/, { content: 'It costs us 38.18, so charge 57.27.' });
  mock.onMessage(/.*/, { content: 'Yes.' });
  const service = await serve(t, { data: await shop(t), env: ollamaAt(mock.url) });
  await ask(service, { ...seller, conversation_id: 'mixed' });
  await ask(service, { message: 'is it in stock?', audience: 'shopper', conversation_id: 'mixed' });
  const prompt = JSON.stringify(bodies(mock).at(-1));
  assert.ok(!prompt.includes('38.18') && !prompt.includes('57.27'), prompt);
});

/// An agent that names no parameter of its own, so that the profile's are seen.
const plainAgent = `
[[agent]]
name = "plain"
audience = "seller"
prompt = "You are plain."
skills = []
phrases = ["plain words"]
`;

function agentsFile(t, toml) {
  const file = path.join(scratch(t), 'agents.toml');
  fs.writeFileSync(file, toml);
  return { FLIPSYNC_AGENTS_EXTRA_FILES: file };
}

const plain = { message: 'plain words', agent: 'plain', audience: 'seller' };

test('the development profile asks ollama with its own parameters', async (t) => {
  const server = await scripted(t, (request, response) => sendJson(response, ollamaReply('Plain.')));
  const service = await serve(t, {
    data: await shop(t),
    env: { FLIPSYNC_ENV: 'development', OLLAMA_HOST: server.url, ...agentsFile(t, plainAgent) },
  });
  const { json } = await ask(service, plain);
  assert.equal(json.message, 'Plain.');
  assert.deepEqual(json.usage, { in: 11, out: 7, cost_usd: 0, wasted_usd: 0, saved_usd: 0 });
  const [{ path: called, json: body }] = server.requests;
  assert.equal(called, '/api/chat');
  assert.equal(body.model, 'gemma3:4b');
  assert.equal(body.stream, false);
  assert.equal(body.keep_alive, '24h');
  assert.deepEqual(body.options, { temperature: 0.7, top_k: 40, top_p: 0.9, num_ctx: 2048, num_predict: 512 });
});

test('an agent\'s own parameters go before the profile\'s', async (t) => {
  const server = await scripted(t, (request, response) => sendJson(response, ollamaReply('Charge it.')));
  const service = await serve(t, {
    data: await shop(t),
    env: { FLIPSYNC_ENV: 'development', OLLAMA_HOST: server.url },
  });
  await ask(service, seller);
  assert.deepEqual(server.requests[0].json.options, {
    temperature: 0.2, top_k: 40, top_p: 0.9, num_ctx: 2048, num_predict: 500,
  });
});

test('the variables of ollama reach it', async (t) => {
  const server = await scripted(t, (request, response) => sendJson(response, ollamaReply('Plain.')));
  const service = await serve(t, {
    data: await shop(t),
    env: ollamaAt(server.url, {
      OLLAMA_MODEL: 'llama3.2:1b',
      OLLAMA_TEMPERATURE: '0.4',
      OLLAMA_MAX_TOKENS: '77',
      OLLAMA_NUM_GPU: '0',
      OLLAMA_KEEP_ALIVE: '-1',
      MODEL_N_CTX: '1024',
      MODEL_N_THREADS: '3',
      ...agentsFile(t, plainAgent),
    }),
  });
  await ask(service, plain);
  const [{ json: body }] = server.requests;
  assert.equal(body.model, 'llama3.2:1b');
  assert.equal(body.keep_alive, -1);
  assert.deepEqual(body.options, { temperature: 0.4, num_ctx: 1024, num_predict: 77, num_gpu: 0, num_thread: 3 });
});

test('the production profile asks openai, and the cheap model for simple messages and the fast tier', async (t) => {
  const mock = await aimock(t, { keyed: true });
  mock.onMessage(/.*/, { content: 'Said.' });
  const env = { FLIPSYNC_ENV: 'production', OPENAI_BASE_URL: `${mock.url}/v1`, OPENAI_API_KEY: key };
  const service = await serve(t, { data: await shop(t), env: { ...env, ...agentsFile(t, plainAgent) } });
  const complex = await ask(service, { ...plain, message: 'compare two options and explain which is better' });
  const simple = await ask(service, { ...plain, message: 'hello' });
  await ask(service, { message: 'compare the carriers to zone local for AUD-1001', agent: 'logistics' });
  const [usual, cheap, fast] = bodies(mock);
  assert.deepEqual([usual.model, usual.max_tokens, usual.temperature], ['gpt-4-turbo', 1024, 0.7]);
  assert.equal(cheap.model, 'gpt-3.5-turbo');
  assert.equal(fast.model, 'gpt-3.5-turbo');
  assert.match(complex.json.parts[0].why_model, /complex message \(asks to compare/);
  assert.match(simple.json.parts[0].why_model, /simple message \(short, asks for one thing\)/);
});

test('LLM_MODEL is the model of every tier', async (t) => {
  const mock = await aimock(t);
  mock.onMessage(/.*/, { content: 'Said.' });
  const service = await serve(t, { data: await shop(t), env: ollamaAt(mock.url, { LLM_MODEL: 'mistral:7b' }) });
  for (const agent of ['executive', 'pricing', 'logistics']) await ask(service, { message: 'AUD-1001', agent });
  assert.deepEqual(bodies(mock).map(({ model }) => model), ['mistral:7b', 'mistral:7b', 'mistral:7b']);
});

/// The concierge with two more parts made by a model.
const threeCalls = `
[[agent]]
name = "concierge"
audience = "shopper"
prompt = "You are the concierge."
skills = ["product_search", "product_pitch", "quick_replies", "cart_hints", "product_decision"]
phrases = ["show me"]
entities = ["category", "brand", "attribute", "product", "sku"]

[[agent.part]]
name = "product_decision"
source = "model"
instruction = "DECIDE: answer yes or no, are products to be shown?"

[[agent.part]]
name = "quick_replies"
source = "model"
instruction = "REPLIES: propose what the shopper may say next, one a line."
`;

const shopper = { message: 'show me wireless headphones', audience: 'shopper' };

/// Which part a call is for.
const partOf = (body) => {
  const prompt = system(body);
  return prompt.includes('DECIDE:') ? 'product_decision' : prompt.includes('REPLIES:') ? 'quick_replies' : 'response';
};
const answers = { response: 'Here they are.', product_decision: 'Yes.', quick_replies: '- Add it\n- Another one' };

test('the calls of one turn run at the same time, each after its own latency', async (t) => {
  const mock = await aimock(t, { keyed: true });
  const spans = {};
  const latency = { response: 300, product_decision: 100, quick_replies: 200 };
  mock.onMessage(/.*/, async (body) => {
    const part = partOf(body);
    const span = { begin: performance.now() };
    spans[part] = span;
    // The provider's own time, which the test is about; nothing waits for it but the turn.
    await new Promise((resolve) => setTimeout(resolve, latency[part]));
    span.end = performance.now();
    return { content: answers[part] };
  });
  const service = await serve(t, { data: await shop(t), env: openaiAt(mock.url, agentsFile(t, threeCalls)) });
  const { json } = await ask(service, shopper);
  assert.equal(json.status, 'ok');
  assert.deepEqual(Object.keys(spans).toSorted(), ['product_decision', 'quick_replies', 'response']);
  const begins = Object.values(spans).map(({ begin }) => begin);
  const ends = Object.values(spans).map(({ end }) => end);
  assert.ok(Math.max(...begins) < Math.min(...ends), 'all three had begun before the first ended');
  // One after the other they would take 600 ms.
  t.diagnostic(`total ${json.timings.total} ms for 300, 100 and 200`);
  assert.ok(json.timings.total >= 295 && json.timings.total < 600, `total ${json.timings.total} ms`);
  assert.equal(json.message, answers.response);
  assert.deepEqual(json.quick_replies, ['Add it', 'Another one']);
  assert.ok(json.products.length > 0, 'the model said that products are to be shown');
  for (const name of Object.keys(latency)) {
    const part = json.parts.find((one) => one.name === name);
    assert.equal(part.provider, 'openai', name);
    assert.equal(part.status, 'ok', name);
    assert.ok(part.ms >= latency[name] - 5, `${name} took ${part.ms} ms`);
  }
});

test('products are not shown when the model decides against it', async (t) => {
  const mock = await aimock(t, { keyed: true });
  mock.onMessage(/.*/, (body) => ({ content: { ...answers, product_decision: 'No.' }[partOf(body)] }));
  const service = await serve(t, { data: await shop(t), env: openaiAt(mock.url, agentsFile(t, threeCalls)) });
  const { json } = await ask(service, shopper);
  assert.equal(json.status, 'ok');
  assert.deepEqual(json.products, []);
  assert.equal(json.parts.find(({ name }) => name === 'products').status, 'skipped');
});

test('a missing optional part makes the reply partial, and the part says why', async (t) => {
  const mock = await aimock(t, { keyed: true });
  mock.onMessage(/.*/, (body) =>
    partOf(body) === 'quick_replies'
      ? { error: { message: 'no such luck', type: 'invalid_request_error' }, status: 400 }
      : { content: answers[partOf(body)] });
  const service = await serve(t, { data: await shop(t), env: openaiAt(mock.url, agentsFile(t, threeCalls)) });
  const { status, json } = await ask(service, shopper);
  assert.equal(status, 200);
  assert.equal(json.status, 'partial');
  assert.equal(json.message, answers.response);
  assert.deepEqual(json.quick_replies, []);
  const part = json.parts.find(({ name }) => name === 'quick_replies');
  assert.equal(part.status, 'failed');
  assert.equal(part.error.code, 'provider_rejected');
  assert.ok(part.error.reason.includes('no such luck'), JSON.stringify(part.error));
});
