// The official openai client against /v1: what works against OpenAI works against us by changing the
// base URL. Each sound conversation runs twice, straight against the mock and through the service.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { get, request, run, scratch, serve, shop } from './harness.mjs';
import { aimock, deadAddress, gate, key, ollamaAt, openaiAt, openaiClient, openaiReply, scripted, sendJson } from './providers.mjs';

const { OpenAI, clientOf } = openaiClient();

const model = 'gpt-4-turbo';
const hello = { role: 'user', content: 'hello there' };
const weather = {
  type: 'function',
  function: {
    name: 'weather',
    description: 'The weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};
const answerSchema = {
  type: 'json_schema',
  json_schema: { name: 'answer', schema: { type: 'object', properties: { n: { type: 'number' } } }, strict: true },
};

async function all(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}
const joined = (chunks) => chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');

/// A service whose provider is the counterpart at that URL.
const before = async (t, url, env = {}) => serve(t, { data: scratch(t), env: { ...openaiAt(url), ...env } });

/// The same code against the mock itself and against the service in front of it.
function everywhere(name, prepare, run) {
  for (const through of [false, true])
    test(`${name}, ${through ? 'through the service' : 'straight'}`, async (t) => {
      const mock = await aimock(t, { keyed: true, chunkSize: 4 });
      prepare(mock);
      const url = through ? (await before(t, mock.url)).url : mock.url;
      await run(clientOf(url), mock);
    });
}

everywhere(
  'an answer comes whole',
  (mock) => mock.onMessage(/hello/, { content: 'Hi, how can I help?', usage: { prompt_tokens: 9, completion_tokens: 6 } }),
  async (client) => {
    const done = await client.chat.completions.create({ model, messages: [hello], temperature: 0.3, max_tokens: 50 });
    assert.equal(done.object, 'chat.completion');
    assert.match(done.id, /^chatcmpl-/);
    assert.equal(done.model, model);
    assert.ok(Number.isInteger(done.created));
    assert.equal(done.choices.length, 1);
    const [choice] = done.choices;
    assert.deepEqual([choice.index, choice.finish_reason], [0, 'stop']);
    assert.deepEqual([choice.message.role, choice.message.content], ['assistant', 'Hi, how can I help?']);
    assert.deepEqual([done.usage.prompt_tokens, done.usage.completion_tokens, done.usage.total_tokens], [9, 6, 15]);
  },
);

everywhere(
  'an answer streams: the role, the pieces, the reason',
  (mock) => mock.onMessage(/hello/, { content: 'Hi, how can I help?' }),
  async (client) => {
    const chunks = await all(await client.chat.completions.create({ model, messages: [hello], stream: true }));
    assert.ok(chunks.every(({ object }) => object === 'chat.completion.chunk'));
    assert.equal(new Set(chunks.map(({ id }) => id)).size, 1);
    assert.equal(chunks[0].choices[0].delta.role, 'assistant');
    assert.equal(joined(chunks), 'Hi, how can I help?');
    assert.ok(chunks.length >= 5, 'it comes in pieces');
    assert.equal(chunks.at(-1).choices[0].finish_reason, 'stop');
    assert.ok(chunks.every(({ usage }) => !usage));
  },
);

everywhere(
  'the usage comes last where it is asked for',
  (mock) => mock.onMessage(/hello/, { content: 'Hi.', usage: { prompt_tokens: 9, completion_tokens: 2 } }),
  async (client) => {
    const chunks = await all(
      await client.chat.completions.create({ model, messages: [hello], stream: true, stream_options: { include_usage: true } }),
    );
    const last = chunks.at(-1);
    assert.deepEqual(last.choices, []);
    assert.deepEqual([last.usage.prompt_tokens, last.usage.completion_tokens, last.usage.total_tokens], [9, 2, 11]);
    assert.ok(chunks.slice(0, -1).every(({ usage }) => !usage));
  },
);

function answersWithTool(mock) {
  mock.on({ hasToolResult: true }, { content: 'It is sunny in Bonn.' });
  mock.onMessage(/weather/, { toolCalls: [{ id: 'call_1', name: 'weather', arguments: '{"city":"Bonn"}' }] });
}
const asked = { role: 'user', content: 'how is the weather in Bonn?' };

everywhere('a tool is asked for, answered, and used', answersWithTool, async (client, mock) => {
  const first = await client.chat.completions.create({ model, messages: [asked], tools: [weather], tool_choice: 'auto' });
  const [choice] = first.choices;
  assert.equal(choice.finish_reason, 'tool_calls');
  assert.equal(choice.message.content, null);
  const [call] = choice.message.tool_calls;
  assert.deepEqual([call.id, call.type, call.function.name], ['call_1', 'function', 'weather']);
  assert.deepEqual(JSON.parse(call.function.arguments), { city: 'Bonn' });

  const second = await client.chat.completions.create({
    model,
    messages: [asked, choice.message, { role: 'tool', tool_call_id: call.id, content: 'sunny' }],
    tools: [weather],
  });
  assert.equal(second.choices[0].message.content, 'It is sunny in Bonn.');
  const [{ body }] = mock.getRequests().slice(-1);
  assert.equal(body.tools[0].function.name, 'weather');
  assert.deepEqual(body.messages.map(({ role }) => role), ['user', 'assistant', 'tool']);
  assert.equal(body.messages[1].tool_calls[0].id, 'call_1');
  assert.equal(body.messages[2].tool_call_id, 'call_1');
});

everywhere('a tool call streams in pieces that join to one', answersWithTool, async (client) => {
  const chunks = await all(
    await client.chat.completions.create({ model, messages: [asked], tools: [weather], stream: true }),
  );
  const pieces = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
  assert.equal(pieces[0].id, 'call_1');
  assert.equal(pieces[0].function.name, 'weather');
  assert.ok(pieces.every(({ index }) => index === 0));
  assert.deepEqual(JSON.parse(pieces.map((piece) => piece.function?.arguments ?? '').join('')), { city: 'Bonn' });
  assert.equal(chunks.at(-1).choices[0].finish_reason, 'tool_calls');
});

everywhere('the client\'s own runner drives tools to the end', answersWithTool, async (client) => {
  const seen = [];
  const runner = client.chat.completions.runTools({
    model,
    messages: [asked],
    tools: [
      {
        type: 'function',
        function: { ...weather.function, parse: JSON.parse, function: (args) => seen.push(args) && 'sunny' },
      },
    ],
  });
  assert.equal(await runner.finalContent(), 'It is sunny in Bonn.');
  assert.deepEqual(seen, [{ city: 'Bonn' }]);
});

everywhere(
  'a JSON schema is handed on, and its answer parsed by the client',
  (mock) => mock.onMessage(/number/, { content: '{"n":7}' }),
  async (client, mock) => {
    const done = await client.chat.completions.parse({
      model,
      messages: [{ role: 'user', content: 'a number please' }],
      response_format: answerSchema,
    });
    assert.deepEqual(JSON.parse(done.choices[0].message.content), { n: 7 });
    const { response_format: format } = mock.getRequests().at(-1).body;
    assert.equal(format.type, 'json_schema');
    assert.equal(format.json_schema.name, 'answer');
    assert.equal(format.json_schema.strict, true);
    assert.deepEqual(format.json_schema.schema, answerSchema.json_schema.schema);
  },
);

everywhere(
  'a limit at the provider is the client\'s RateLimitError',
  (mock) => mock.onMessage(/.*/, { error: { message: 'slow down', type: 'rate_limit_error' }, status: 429 }),
  async (client) => {
    await assert.rejects(client.chat.completions.create({ model, messages: [hello] }, { timeout: 60_000 }), (why) => {
      assert.ok(why instanceof OpenAI.RateLimitError, String(why));
      assert.match(why.message, /slow down|rate limit/i);
      return true;
    });
  },
);

test('every parameter that a model knows reaches it', async (t) => {
  const called = JSON.parse(openaiReply(null));
  called.choices[0].finish_reason = 'tool_calls';
  called.choices[0].message.tool_calls = [
    { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bonn"}' } },
  ];
  const server = await scripted(t, (_, response) => sendJson(response, JSON.stringify(called)));
  const client = clientOf((await before(t, server.url)).url);
  const parameters = {
    temperature: 0.25, top_p: 0.5, stop: ['END'], seed: 42, presence_penalty: 0.5, frequency_penalty: -0.5,
  };
  await client.chat.completions.create({
    model,
    messages: [{ role: 'developer', content: 'Be brief.' }, hello],
    max_completion_tokens: 77,
    tools: [weather],
    tool_choice: { type: 'function', function: { name: 'weather' } },
    ...parameters,
  });
  const [{ json }] = server.requests;
  for (const [name, value] of Object.entries(parameters)) assert.deepEqual(json[name], value, name);
  assert.equal(json.max_tokens ?? json.max_completion_tokens, 77);
  assert.deepEqual(json.tool_choice, { type: 'function', function: { name: 'weather' } });
  assert.deepEqual(json.messages.map(({ content }) => content), ['Be brief.', 'hello there']);
});

test('nothing is laid under a request that the caller did not say', async (t) => {
  const server = await scripted(t, (_, response) => sendJson(response, openaiReply('Yes.')));
  const client = clientOf((await before(t, server.url)).url);
  await client.chat.completions.create({ model: `openai/${model}`, messages: [hello] });
  const [{ json }] = server.requests;
  for (const name of ['temperature', 'top_p', 'max_tokens', 'stop', 'tools', 'response_format'])
    assert.equal(json[name], undefined, name);
  assert.deepEqual(json.messages, [hello]);
});

test('the models are the agents and what the provider lists', async (t) => {
  const server = await scripted(t, (_, response) =>
    sendJson(response, JSON.stringify({ object: 'list', data: [{ id: 'gpt-4-turbo' }, { id: 'org/small' }] })),
  );
  const service = await before(t, server.url);
  const client = clientOf(service.url);
  const ids = (await client.models.list()).data.map(({ id }) => id);
  for (const id of ['flipsync', 'flipsync/pricing', 'flipsync/concierge', 'openai/gpt-4-turbo', 'openai/org/small'])
    assert.ok(ids.includes(id), `${id} in ${ids}`);
  assert.ok(!ids.some((id) => id.startsWith('offline/')), 'offline answers nobody but agents');
  assert.equal(server.requests.length, 1, 'the list is kept');
  assert.equal((await client.models.retrieve('openai/org/small')).id, 'openai/org/small');
  assert.equal((await get(service, '/v1/models/openai/org/small')).json.owned_by, 'openai');
  await assert.rejects(client.models.retrieve('nobody/knows'), OpenAI.NotFoundError);
});

test('a dead provider does not hold the list of models up', async (t) => {
  const service = await before(t, await deadAddress());
  const began = performance.now();
  const { status, json } = await get(service, '/v1/models');
  assert.equal(status, 200);
  assert.ok(json.data.some(({ id }) => id === 'openai/gpt-4-turbo'), 'what is configured is listed');
  assert.ok(performance.now() - began < 4000);
});

test('a model that only the provider\'s list names is found by its own name', async (t) => {
  const server = await scripted(t, (call, response) =>
    sendJson(response, call.url.endsWith('/models') ? JSON.stringify({ data: [{ id: 'tiny-1' }] }) : openaiReply('Yes.')),
  );
  const client = clientOf((await before(t, server.url)).url);
  const done = await client.chat.completions.create({ model: 'tiny-1', messages: [hello] });
  assert.equal(done.choices[0].message.content, 'Yes.');
  assert.equal(server.requests.at(-1).json.model, 'tiny-1');
  await assert.rejects(client.chat.completions.create({ model: 'nobody-knows', messages: [hello] }), (why) => {
    assert.ok(why instanceof OpenAI.NotFoundError, String(why));
    assert.deepEqual([why.code, why.param, why.type], ['model_not_found', 'model', 'invalid_request_error']);
    return true;
  });
});

test('agents are models: routed, by name, whole and streamed, with the caller\'s history', async (t) => {
  const data = await shop(t);
  const client = clientOf((await serve(t, { data })).url);
  const question = { role: 'user', content: 'what should I charge for AUD-1001?' };
  const routed = await client.chat.completions.create({ model: 'flipsync', messages: [question] });
  assert.equal(routed.flipsync.agent, 'pricing');
  assert.match(routed.choices[0].message.content, /57\.27/);
  assert.equal(routed.choices[0].finish_reason, 'stop');

  const chunks = await all(
    await client.chat.completions.create({ model: 'flipsync/auto_pricing', messages: [question], stream: true }),
  );
  assert.equal(joined(chunks), routed.choices[0].message.content);
  assert.equal(chunks.at(-1).flipsync.agent, 'pricing');

  const next = await client.chat.completions.create({
    model: 'flipsync',
    messages: [question, routed.choices[0].message, { role: 'user', content: 'when should we reorder AUD-1001?' }],
  });
  assert.equal(next.flipsync.agent, 'inventory');
  await assert.rejects(
    client.chat.completions.create({ model: 'flipsync/nobody', messages: [question] }),
    (why) => why instanceof OpenAI.NotFoundError && why.code === 'model_not_found' && why.param === 'model',
  );
});

test('an agent\'s model sees the caller\'s history and system message', async (t) => {
  const mock = await aimock(t, { keyed: true });
  mock.onMessage(/.*/, { content: 'In blue, too.' });
  const client = clientOf((await serve(t, { data: await shop(t), env: openaiAt(mock.url) })).url);
  const earlier = [
    { role: 'user', content: 'do you have headphones?' },
    { role: 'assistant', content: 'Yes, in black.' },
  ];
  const done = await client.chat.completions.create({
    model: 'flipsync/concierge',
    messages: [{ role: 'system', content: 'The shopper is in a hurry.' }, ...earlier, { role: 'user', content: 'and in blue?' }],
  });
  assert.equal(done.choices[0].message.content, 'In blue, too.');
  const [{ body }] = mock.getRequests();
  assert.match(body.messages[0].content, /The shopper is in a hurry\./);
  assert.deepEqual(body.messages.slice(1), [...earlier, { role: 'user', content: 'and in blue?' }]);
});

test('a key is asked for, and a shopper\'s key is shown and may ask only what is a shopper\'s', async (t) => {
  const data = await shop(t);
  const added = await run(['keys', 'add', '--data', data, '--role', 'shopper']);
  const service = await serve(t, { data });
  await assert.rejects(clientOf(service.url).models.list(), (why) => {
    assert.ok(why instanceof OpenAI.AuthenticationError, String(why));
    assert.deepEqual([why.type, why.code], ['authentication_error', 'invalid_api_key']);
    return true;
  });
  const client = clientOf(service.url, added.stdout.trim());
  assert.deepEqual((await client.models.list()).data.map(({ id }) => id), ['flipsync', 'flipsync/concierge']);
  const question = { role: 'user', content: 'do you have wireless headphones?' };
  const done = await client.chat.completions.create({ model: 'flipsync', messages: [question] });
  assert.equal(done.flipsync.agent, 'concierge');
  for (const other of ['flipsync/pricing', 'openai/gpt-4-turbo'])
    await assert.rejects(
      client.chat.completions.create({ model: other, messages: [question] }),
      OpenAI.PermissionDeniedError,
    );
});

test('what is not supported is the client\'s BadRequestError and names the field', async (t) => {
  const client = clientOf((await before(t, await deadAddress())).url);
  for (const [more, param] of [
    [{ n: 2 }, 'n'],
    [{ logit_bias: { 50256: -100 } }, 'logit_bias'],
    [{ temperature: 3 }, 'temperature'],
    [{ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }] }, 'messages[0].content[0].type'],
    [{ model: 'flipsync', tools: [weather] }, 'tools'],
    [{ model: 'flipsync', response_format: { type: 'json_object' } }, 'response_format'],
  ])
    await assert.rejects(client.chat.completions.create({ model, messages: [hello], ...more }), (why) => {
      assert.ok(why instanceof OpenAI.BadRequestError, String(why));
      assert.equal(why.type, 'invalid_request_error');
      assert.equal(why.param, param);
      return true;
    });
});

test('every error below /v1 has the shape that clients parse', async (t) => {
  const service = await before(t, await deadAddress());
  const shape = ({ status, json }, wanted) => {
    assert.equal(status, wanted);
    assert.deepEqual(Object.keys(json), ['error']);
    assert.deepEqual(Object.keys(json.error), ['message', 'type', 'param', 'code']);
  };
  shape(await get(service, '/v1/nothing'), 404);
  shape(await get(service, '/v1/chat/completions'), 405);
  shape(await request(service, 'POST', '/v1/chat/completions', { body: '{', headers: {} }), 400);
  shape(await request(service, 'POST', '/v1/chat/completions', { body: 'x', headers: { 'content-type': 'text/plain' } }), 415);
  shape(await request(service, 'POST', '/v1/chat/completions', { body: `"${'x'.repeat(300_000)}"` }), 413);
  shape(await request(service, 'POST', '/v1/chat/completions', { body: { model, messages: [hello] } }), 502);
});

test('a provider\'s refusal has its own status and reason', async (t) => {
  const server = await scripted(t, (_, response) =>
    sendJson(response, JSON.stringify({ error: { message: 'The schema is wrong', type: 'invalid_request_error' } }), 400),
  );
  const client = clientOf((await before(t, server.url)).url);
  await assert.rejects(client.chat.completions.create({ model, messages: [hello] }), (why) => {
    assert.ok(why instanceof OpenAI.BadRequestError, String(why));
    assert.match(why.message, /The schema is wrong/);
    return true;
  });
});

const chunk = (content, more = {}) =>
  `data: ${JSON.stringify({
    id: 'c', object: 'chat.completion.chunk', created: 1, model,
    choices: [{ index: 0, delta: content === undefined ? {} : { content }, finish_reason: null, ...more }],
  })}\n\n`;
const streamHead = (response) => response.writeHead(200, { 'content-type': 'text/event-stream' });

test('a stream that is cut goes on where the new answer says the same', async (t) => {
  const server = await scripted(t, (_, response, number) => {
    streamHead(response);
    response.write(chunk('The answer '));
    if (number === 1) return setImmediate(() => response.destroy());
    response.end(`${chunk('is 42.')}${chunk(undefined, { finish_reason: 'stop' })}data: [DONE]\n\n`);
  });
  const client = clientOf((await before(t, server.url)).url);
  const chunks = await all(await client.chat.completions.create({ model, messages: [hello], stream: true }));
  assert.equal(joined(chunks), 'The answer is 42.');
  assert.equal(server.requests.length, 2);
  assert.deepEqual(chunks.at(-1).flipsync.attempts.map(({ outcome }) => outcome === 'ok'), [false, true]);
});

test('a stream that is cut and cannot go on is an error, not a short answer', async (t) => {
  const server = await scripted(t, (_, response, number) => {
    streamHead(response);
    response.write(chunk(number === 1 ? 'The answer ' : 'Well, '));
    if (number === 1) setImmediate(() => response.destroy());
  });
  const client = clientOf((await before(t, server.url)).url);
  const seen = [];
  await assert.rejects(async () => {
    for await (const piece of await client.chat.completions.create({ model, messages: [hello], stream: true }))
      seen.push(piece);
  }, OpenAI.APIError);
  assert.equal(joined(seen), 'The answer ');
  assert.ok(seen.every(({ choices }) => choices[0].finish_reason === null));
});

test('a client that leaves closes the provider\'s socket', async (t) => {
  for (const streamed of [false, true]) {
    const closed = gate();
    const server = await scripted(t, (call, response) => {
      call.socket.once('close', closed.open);
      if (!streamed) return;
      streamHead(response);
      response.write(chunk('The answer '));
    });
    const client = clientOf((await before(t, server.url)).url);
    const leaving = new AbortController();
    const call = client.chat.completions.create(
      { model, messages: [hello], stream: streamed },
      { signal: leaving.signal },
    );
    const ended = streamed ? call : assert.rejects(call, OpenAI.APIUserAbortError);
    await server.received(1);
    if (streamed) await (await call)[Symbol.asyncIterator]().next();
    leaving.abort();
    await closed.opened;
    await ended;
  }
});

test('curl streams an answer to its end mark', async (t) => {
  const mock = await aimock(t, { keyed: true });
  mock.onMessage(/hello/, { content: 'Hi.' });
  const service = await before(t, mock.url);
  const { stdout } = await promisify(execFile)('curl', [
    '-sSN', `${service.url}/v1/chat/completions`, '-H', 'content-type: application/json',
    '-d', JSON.stringify({ model, stream: true, messages: [hello] }),
  ]);
  assert.match(stdout, /^data: \{"id":"chatcmpl-/);
  assert.ok(stdout.endsWith('data: [DONE]\n\n'));
});

test('ollama\'s models are asked in the same form', async (t) => {
  const mock = await aimock(t);
  mock.onMessage(/hello/, { content: 'Hi from here.' });
  const service = await serve(t, { data: scratch(t), env: ollamaAt(mock.url) });
  const done = await clientOf(service.url).chat.completions.create({ model: 'ollama/gemma3:4b', messages: [hello] });
  assert.equal(done.choices[0].message.content, 'Hi from here.');
  assert.equal(done.flipsync.provider, 'ollama');
});
