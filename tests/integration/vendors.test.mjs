// Every vendor's protocol against a mock that speaks it and against a scripted server that keeps what
// it was sent: answers whole and streamed, tools there and back, answers by a schema, lists of models.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { run, scratch, serve } from './harness.mjs';
import { aimock, anthropicAt, deadAddress, geminiAt, key, ollamaAt, openaiAt, scripted, sendJson } from './providers.mjs';

const vendors = {
  ollama: { at: ollamaAt, model: 'qwen3:4b', keyed: false },
  openai: { at: openaiAt, model: 'gpt-4o', keyed: true },
  anthropic: { at: anthropicAt, model: 'claude-haiku-5-5', keyed: true },
  gemini: { at: geminiAt, model: 'gemini-3.5-flash-lite', keyed: true },
};

const question = { role: 'user', content: 'how is the weather in Bonn?' };
const weather = {
  type: 'function',
  function: {
    name: 'weather',
    description: 'The weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};
const schema = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'], additionalProperties: false };

/// Posts to the facade; {status, json} of a whole answer.
async function complete(service, vendor, more) {
  const response = await fetch(`${service.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: `${vendor}/${vendors[vendor].model}`, messages: [question], ...more }),
  });
  return { status: response.status, json: await response.json() };
}

/// The same, streamed: its chunks.
async function stream(service, vendor, more) {
  const response = await fetch(`${service.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: `${vendor}/${vendors[vendor].model}`,
      messages: [question],
      stream: true,
      stream_options: { include_usage: true },
      ...more,
    }),
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  const data = [...text.matchAll(/^data: (.*)$/gm)].map(([, line]) => line);
  assert.equal(data.pop(), '[DONE]', text);
  return data.map((line) => JSON.parse(line));
}

const contentOf = (chunks) => chunks.map(({ choices }) => choices[0]?.delta?.content ?? '').join('');

const start = (t, vendor, url, env = {}) => serve(t, { data: scratch(t), env: vendors[vendor].at(url, env) });

for (const [vendor, { keyed }] of Object.entries(vendors)) {
  const mocked = async (t, prepare) => {
    const mock = await aimock(t, { keyed, chunkSize: 4 });
    prepare(mock);
    return { mock, service: await start(t, vendor, mock.url) };
  };
  const answersWithTool = (mock) => {
    mock.on({ hasToolResult: true }, { content: 'It is sunny in Bonn.' });
    mock.onMessage(/weather/, { toolCalls: [{ name: 'weather', arguments: '{"city":"Bonn"}' }] });
  };

  test(`${vendor}: an answer comes whole and streamed`, async (t) => {
    const { service } = await mocked(t, (mock) => mock.onMessage(/weather/, { content: 'Sunny, 21 °C.' }));
    const whole = await complete(service, vendor);
    assert.equal(whole.status, 200, JSON.stringify(whole.json));
    assert.equal(whole.json.choices[0].message.content, 'Sunny, 21 °C.');
    assert.equal(whole.json.choices[0].finish_reason, 'stop');
    const chunks = await stream(service, vendor);
    assert.equal(contentOf(chunks), 'Sunny, 21 °C.');
    assert.ok(chunks.filter(({ choices }) => choices[0]?.delta?.content).length >= 3, 'it comes in pieces');
  });

  test(`${vendor}: a tool is asked for, answered, and used`, async (t) => {
    const { service } = await mocked(t, answersWithTool);
    const first = await complete(service, vendor, { tools: [weather] });
    assert.equal(first.status, 200, JSON.stringify(first.json));
    const [{ message, finish_reason: reason }] = first.json.choices;
    assert.equal(reason, 'tool_calls');
    const [call] = message.tool_calls;
    assert.equal(call.function.name, 'weather');
    assert.deepEqual(JSON.parse(call.function.arguments), { city: 'Bonn' });
    assert.ok(call.id, 'it has an id, whether the vendor gives one or not');
    const second = await complete(service, vendor, {
      tools: [weather],
      messages: [question, message, { role: 'tool', tool_call_id: call.id, content: 'sunny' }],
    });
    assert.equal(second.json.choices?.[0].message.content, 'It is sunny in Bonn.', JSON.stringify(second.json));
  });

  test(`${vendor}: a tool call streams`, async (t) => {
    const { service } = await mocked(t, answersWithTool);
    const chunks = await stream(service, vendor, { tools: [weather] });
    const pieces = chunks.flatMap(({ choices }) => choices[0]?.delta?.tool_calls ?? []);
    assert.equal(pieces[0].function.name, 'weather');
    assert.ok(pieces[0].id);
    assert.deepEqual(JSON.parse(pieces.map((piece) => piece.function?.arguments ?? '').join('')), { city: 'Bonn' });
    assert.ok(chunks.some(({ choices }) => choices[0]?.finish_reason === 'tool_calls'));
  });

  test(`${vendor}: an answer by a schema is its JSON, and prose in its place is an error`, async (t) => {
    const { service } = await mocked(t, (mock) => {
      mock.onMessage(/weather/, { content: '{"n":21}' });
      mock.onMessage(/story/, { content: 'Once upon a time.' });
    });
    const format = { response_format: { type: 'json_schema', json_schema: { name: 'degrees', schema, strict: true } } };
    const sound = await complete(service, vendor, format);
    assert.equal(sound.json.choices?.[0].message.content, '{"n":21}', JSON.stringify(sound.json));
    const prose = await complete(service, vendor, { ...format, messages: [{ role: 'user', content: 'tell a story' }] });
    assert.ok(prose.status >= 500, JSON.stringify(prose.json));
  });

  test(`${vendor}: a wrong key is an error that repeats neither key nor message`, async (t) => {
    const refusal = JSON.stringify({ error: { message: `the key ${key} is wrong: ${question.content}`, type: 'authentication_error' } });
    const server = await scripted(t, (request, response) => sendJson(response, refusal, 401));
    const service = await start(t, vendor, server.url);
    const { status, json } = await complete(service, vendor);
    assert.ok(status >= 400, JSON.stringify(json));
    for (const text of [JSON.stringify(json), service.stderr])
      for (const secret of [key, question.content]) assert.ok(!text.includes(secret), text);
  });
}

test('ollama is sent tools, format and options in its own form', async (t) => {
  const server = await scripted(t, (request, response) =>
    sendJson(response, JSON.stringify({ model: 'qwen3:4b', message: { role: 'assistant', content: '{"n":1}' }, done: true })),
  );
  const service = await start(t, 'ollama', server.url, { OLLAMA_NUM_GPU: '0', FLIPSYNC_MODELS_NUM_CTX: '1024' });
  await complete(service, 'ollama', {
    tools: [weather],
    response_format: { type: 'json_schema', json_schema: { name: 'degrees', schema } },
    seed: 7,
    max_tokens: 20,
    stop: ['END'],
  });
  const { json: body } = server.requests.find(({ path }) => path === '/api/chat');
  assert.deepEqual(body.format, schema);
  assert.equal(body.tools[0].function.name, 'weather');
  assert.equal(body.keep_alive, '24h');
  assert.deepEqual(
    { ...body.options },
    { num_ctx: 1024, num_predict: 20, num_gpu: 0, stop: ['END'], seed: 7 },
  );
});

test('anthropic is sent the system prompt apart, its version, and results in one message', async (t) => {
  const reply = {
    type: 'message',
    model: 'claude-haiku-5-5',
    content: [{ type: 'text', text: 'Sunny.' }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 5, cache_read_input_tokens: 10, output_tokens: 2 },
  };
  const server = await scripted(t, (request, response) => sendJson(response, JSON.stringify(reply)));
  const service = await start(t, 'anthropic', server.url);
  const calls = ['a', 'b'].map((id) => ({ id, type: 'function', function: { name: 'weather', arguments: '{"city":"Bonn"}' } }));
  const { json } = await complete(service, 'anthropic', {
    tools: [weather],
    messages: [
      { role: 'system', content: 'Be brief.' },
      question,
      { role: 'assistant', content: null, tool_calls: calls },
      ...calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'sunny' })),
    ],
  });
  assert.equal(json.choices?.[0].message.content, 'Sunny.', JSON.stringify(json));
  assert.equal(json.usage.prompt_tokens, 15);
  const sent = server.requests.find(({ path }) => path === '/v1/messages');
  assert.equal(sent.headers['x-api-key'], key);
  assert.equal(sent.headers['anthropic-version'], '2023-06-01');
  assert.equal(sent.headers.authorization, undefined);
  assert.equal(sent.json.system, 'Be brief.');
  assert.deepEqual(sent.json.messages.map(({ role, content }) => [role, content.map(({ type }) => type)]), [
    ['user', ['text']],
    ['assistant', ['tool_use', 'tool_use']],
    ['user', ['tool_result', 'tool_result']],
  ]);
  assert.deepEqual(sent.json.output_config, { effort: 'low' });
});

test('gemini is sent the key in a header, the system prompt apart, and answers in order', async (t) => {
  const reply = {
    candidates: [{ content: { role: 'model', parts: [{ text: 'Sunny.' }] }, finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 2, thoughtsTokenCount: 3 },
    modelVersion: 'gemini-3.5-flash-lite',
  };
  const server = await scripted(t, (request, response) => sendJson(response, JSON.stringify(reply)));
  const service = await start(t, 'gemini', server.url);
  const call = { id: 'a', type: 'function', function: { name: 'weather', arguments: '{"city":"Bonn"}' } };
  const { json } = await complete(service, 'gemini', {
    tools: [weather],
    tool_choice: 'none',
    messages: [
      { role: 'system', content: 'Be brief.' },
      question,
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'a', content: 'sunny' },
    ],
  });
  assert.equal(json.choices?.[0].message.content, 'Sunny.', JSON.stringify(json));
  assert.equal(json.usage.completion_tokens, 5);
  const sent = server.requests.find(({ path }) => path.endsWith(':generateContent'));
  assert.equal(sent.headers['x-goog-api-key'], key);
  for (const { path } of server.requests) assert.ok(!path.includes(key), path);
  assert.equal(sent.json.systemInstruction.parts[0].text, 'Be brief.');
  assert.deepEqual(sent.json.tools[0].functionDeclarations[0].parametersJsonSchema, weather.function.parameters);
  assert.deepEqual(sent.json.toolConfig, { functionCallingConfig: { mode: 'NONE' } });
  assert.deepEqual(sent.json.contents.map(({ role }) => role), ['user', 'model', 'user']);
  assert.deepEqual(sent.json.contents[2].parts, [{ functionResponse: { name: 'weather', response: { result: 'sunny' } } }]);
  assert.equal(sent.json.generationConfig.thinkingConfig.thinkingLevel, 'low');
});

test('an OpenAI-compatible server gets the further headers of the configuration', async (t) => {
  const mock = await scripted(t, (request, response) => sendJson(response, '{}', 500));
  const service = await start(t, 'openai', mock.url, { FLIPSYNC_OPENAI_HEADERS: 'X-Title: my shop, api-key: hidden-header-value' });
  const { json } = await complete(service, 'openai');
  assert.equal(mock.requests[0].headers['x-title'], 'my shop');
  assert.equal(mock.requests[0].headers['api-key'], 'hidden-header-value');
  assert.ok(!JSON.stringify(json).includes('hidden-header-value'));
  const printed = await run(['--print-config'], { env: openaiAt(mock.url, { FLIPSYNC_OPENAI_HEADERS: 'api-key: hidden-header-value' }) });
  assert.equal(printed.code, 0, printed.stderr);
  assert.match(printed.stdout, /openai\.headers is set \(secret\)/);
  assert.ok(!printed.stdout.includes('hidden-header-value') && !printed.stdout.includes(key));
});

/// Lists of models as each vendor gives them, the paged ones on two pages.
function lists(request, response) {
  const url = new URL(request.url, 'http://x');
  const second = url.searchParams.has('after_id') || url.searchParams.has('pageToken');
  if (url.pathname === '/api/tags') return sendJson(response, '{"models":[{"name":"gemma3:4b"}]}');
  if (url.pathname === '/v1beta/models')
    return sendJson(
      response,
      JSON.stringify({
        models: [{ name: `models/gemini-${second ? 'two' : 'one'}`, supportedGenerationMethods: ['generateContent'] }],
        ...(second ? {} : { nextPageToken: 'more' }),
      }),
    );
  if (request.headers['x-api-key'])
    return sendJson(
      response,
      JSON.stringify({ data: [{ id: second ? 'claude-two' : 'claude-one' }], has_more: !second, last_id: 'claude-one' }),
    );
  return sendJson(response, '{"data":[{"id":"gpt-4-turbo"}]}');
}

const everyone = (url) => ({
  ...ollamaAt(url),
  ...openaiAt(url),
  ...anthropicAt(url),
  ...geminiAt(url),
  LLM_PROVIDER: 'ollama',
});

test('models: every provider is asked, page by page, without calling a model', async (t) => {
  const server = await scripted(t, lists);
  const { code, stdout } = await run(['models', '--json'], { env: everyone(server.url) });
  assert.equal(code, 0);
  const said = Object.fromEntries(stdout.trim().split('\n').map((line) => JSON.parse(line)).map((one) => [one.provider, one.models]));
  assert.deepEqual(said, {
    ollama: ['gemma3:4b'],
    gemini: ['gemini-one', 'gemini-two'],
    anthropic: ['claude-one', 'claude-two'],
    openai: ['gpt-4-turbo'],
  });
  assert.ok(server.requests.every(({ json }) => json === undefined), 'nothing but GET');
  const text = await run(['models', '--provider', 'ollama'], { env: everyone(server.url) });
  assert.equal(text.stdout, 'ollama\n  gemma3:4b  (default)\n');
});

test('models: one that fails is named, and only if none answers the program fails', async (t) => {
  const server = await scripted(t, (request, response) =>
    request.url === '/api/tags' ? lists(request, response) : sendJson(response, `{"error":{"message":"bad ${key}"}}`, 401),
  );
  const some = await run(['models'], { env: everyone(server.url) });
  assert.equal(some.code, 0);
  assert.match(some.stderr, /anthropic: the provider does not accept the key/);
  assert.ok(!some.stderr.includes(key));
  const none = await run(['models'], { env: { LLM_PROVIDER: 'ollama', OLLAMA_HOST: await deadAddress() } });
  assert.equal(none.code, 3);
  assert.match(none.stderr, /ollama: /);
  const unknown = await run(['models', '--provider', 'copilot']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /not configured; configured: offline/);
});
