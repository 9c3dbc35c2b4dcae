// The fast tier over real sockets: what its model is asked, and what becomes of an answer that its limit ends.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ask, scratch, serve, streamed } from './harness.mjs';
import { ollamaAt, openaiAt, scripted, sendJson } from './providers.mjs';
import { vendors } from './vendors.mjs';

const simple = { message: 'hi', audience: 'seller', agent: 'pricing' };
const ours = { FLIPSYNC_MODELS_FAST_STOP: 'END,STOP' };
const ollama = (url, more = {}) =>
  ollamaAt(url, { OLLAMA_MODEL_FAST: 'llama3.2:1b', FLIPSYNC_OLLAMA_PREWARM: 'false', MODEL_N_CTX: '2048', ...ours, ...more });

/// An answer of a vendor, whole or streamed as it was asked; `ended` by its length.
function answer(vendor, request, response, text, ended = false) {
  const speak = (body) => (ended ? body.replaceAll('"stop"', '"length"') : body);
  if (!vendor.streamed(request)) return sendJson(response, speak(JSON.stringify(vendor.whole(text))));
  response.writeHead(200, { 'content-type': vendor.streamType });
  response.end(vendor.open + vendor.token(text) + speak(vendor.finish) + vendor.sentinel);
}

test('ollama gets the tier\'s window, length and stop for a simple message, and its own for others', async (t) => {
  const server = await scripted(t, (request, response) => answer(vendors.ollama, request, response, 'Hello!'));
  const service = await serve(t, { data: scratch(t), env: ollama(server.url) });
  const { json } = await ask(service, simple);
  assert.equal(json.message, 'Hello!');
  assert.match(json.parts[0].why_model, /simple message .*; fast tier/);
  const [{ json: sent }] = server.requests;
  assert.equal(sent.model, 'llama3.2:1b');
  assert.equal(sent.options.num_ctx, 1024);
  assert.equal(sent.options.num_predict, 100);
  assert.deepEqual(sent.options.stop, ['END', 'STOP']);

  await ask(service, { ...simple, message: 'Compare the margins of all our products and explain step by step why some of them are too low.' });
  const { json: other } = server.requests[1];
  assert.equal(other.model, 'gemma3:4b');
  assert.equal(other.options.num_ctx, 2048);
  assert.ok(other.options.num_predict > 100);
  assert.equal(other.options.stop, undefined);
});

test('openai gets the tier\'s length and stop for a simple message', async (t) => {
  const server = await scripted(t, (request, response) => answer(vendors.openai, request, response, 'Hello!'));
  const service = await serve(t, { data: scratch(t), env: openaiAt(server.url, ours) });
  await ask(service, simple);
  const [{ json: sent }] = server.requests;
  assert.equal(sent.model, 'gpt-3.5-turbo');
  assert.equal(sent.max_tokens, 100);
  assert.deepEqual(sent.stop, ['END', 'STOP']);
  assert.equal(sent.num_ctx, undefined);
});

for (const [name, env] of [['ollama', ollama], ['openai', openaiAt]])
  test(`${name}: what the tier's limit ends is told whole by the default model`, async (t) => {
    const vendor = vendors[name];
    const fast = new Set(['llama3.2:1b', 'gpt-3.5-turbo']);
    const server = await scripted(t, (request, response) =>
      fast.has(vendor.model(request)) ? answer(vendor, request, response, 'It begins', true)
        : answer(vendor, request, response, 'It begins and ends.'));
    const service = await serve(t, { data: scratch(t), env: env(server.url) });
    const { json } = await ask(service, simple);
    assert.equal(json.message, 'It begins and ends.');
    assert.equal(json.status, 'ok');
    assert.equal(json.parts[0].attempts.length, 2);
    assert.match(json.parts[0].attempts[0].reason, /fast tier's limit of 100 tokens/);
    assert.equal(json.usage.in, 11, 'only the whole answer is billed');

    const events = await streamed(service, simple);
    assert.equal(events.filter(({ event }) => event === 'restarted').length, 1);
    assert.equal(events.at(-1).data.reply.message, 'It begins and ends.');
    assert.equal(server.requests.length, 4);
  });

test('a stream on the facade cannot be told again, so that the tier does not limit it', async (t) => {
  const server = await scripted(t, (request, response) => answer(vendors.openai, request, response, 'Hello!'));
  const service = await serve(t, { data: scratch(t), env: openaiAt(server.url) });
  const complete = (stream) => fetch(`${service.url}/v1/chat/completions`, {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'flipsync/pricing', messages: [{ role: 'user', content: 'hi' }], stream }),
  }).then((response) => response.text());
  assert.match(await complete(true), /Hello!/);
  assert.match(await complete(false), /Hello!/);
  const [first, second] = server.requests.map(({ json }) => json);
  assert.equal(first.model, 'gpt-3.5-turbo');
  assert.ok(first.max_tokens > 100);
  assert.equal(second.max_tokens, 100);
});

test('a prompt that may not fit the fast tier\'s window goes to the default model, with all its facts', async (t) => {
  const server = await scripted(t, (request, response) => answer(vendors.ollama, request, response, 'Hello!'));
  const service = await serve(t, { data: scratch(t), env: ollama(server.url) });
  const { json } = await ask(service, { ...simple, context: 'x'.repeat(4000) });
  assert.match(json.parts[0].why_model, /ollama: the prompt may not fit the fast tier/);
  const [{ json: sent }] = server.requests;
  assert.equal(sent.model, 'gemma3:4b');
  assert.equal(sent.options.num_ctx, 2048);
  assert.ok(JSON.stringify(sent.messages).includes('x'.repeat(4000)));
});

test('a prompt that the fast model refuses as too long goes to the default model', async (t) => {
  const server = await scripted(t, (request, response) => {
    const { tooLong } = vendors.openai;
    if (request.json.model === 'gpt-3.5-turbo') sendJson(response, JSON.stringify(tooLong.body), tooLong.status);
    else answer(vendors.openai, request, response, 'Hello!');
  });
  const service = await serve(t, { data: scratch(t), env: openaiAt(server.url) });
  const { json } = await ask(service, simple);
  assert.equal(json.message, 'Hello!');
  assert.deepEqual(json.parts[0].attempts.map(({ outcome }) => outcome), ['context_too_long', 'ok']);
});
