// The counterparts: aimock, which speaks the providers' protocols, and a scripted server for what no
// sound provider sends.

import { once } from 'node:events';
import http from 'node:http';
import { createRequire } from 'node:module';
import net from 'node:net';

function load(name) {
  try {
    return createRequire(new URL('./npm/package.json', import.meta.url))(name);
  } catch (why) {
    if (why.code !== 'MODULE_NOT_FOUND') throw why;
    throw new Error(`${name} is not installed: ./dev test does it, or \`npm ci --prefix tests/integration/npm\``);
  }
}

export const key = 'sk-test-0123456789abcdef';

/// aimock on a free port; the test says what it answers (`on`, `onMessage`). It lets only `key` in
/// where `keyed`.
export async function aimock(t, { keyed = false, ...options } = {}) {
  const { LLMock } = load('@copilotkit/aimock');
  const mock = new LLMock({ port: 0, ...(keyed ? { auth: { apiKeys: [key] } } : {}), ...options });
  await mock.start();
  t.after(() => mock.stop());
  return mock;
}

/// The official client, and one for a service; it tries nothing twice, so that a test sees each answer.
export function openaiClient() {
  const OpenAI = load('openai');
  const clientOf = (url, apiKey = key) => new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
  return { OpenAI, clientOf };
}

/// Variables that make a provider the one to ask.
export const ollamaAt = (url, more = {}) => ({ LLM_PROVIDER: 'ollama', OLLAMA_HOST: url, ...more });
export const openaiAt = (url, more = {}) => ({
  LLM_PROVIDER: 'openai',
  OPENAI_BASE_URL: `${url}/v1`,
  OPENAI_API_KEY: key,
  ...more,
});

export const anthropicAt = (url, more = {}) => ({
  LLM_PROVIDER: 'anthropic',
  ANTHROPIC_BASE_URL: url,
  ANTHROPIC_API_KEY: key,
  ...more,
});
export const geminiAt = (url, more = {}) => ({
  LLM_PROVIDER: 'gemini',
  GEMINI_BASE_URL: `${url}/v1beta`,
  GEMINI_API_KEY: key,
  ...more,
});

/// An HTTP server that does what the test says: `answer(request, response, number)`, with the parsed
/// body in `request.json` and the first request being number 1. `requests` are those received.
export async function scripted(t, answer) {
  const requests = [];
  const server = http.createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    request.json = text ? JSON.parse(text) : undefined;
    requests.push({ path: request.url, headers: request.headers, json: request.json, at: performance.now() });
    server.emit('seen');
    answer(request, response, requests.length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const script = {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    /// Resolves once `count` requests have come.
    async received(count) {
      while (requests.length < count) await once(server, 'seen');
    },
    set answer(next) {
      answer = next;
    },
  };
  return script;
}

/// An address that nobody listens at.
export async function deadAddress() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}

/// Bodies as the providers' documents give them.
export const ollamaReply = (text) =>
  JSON.stringify({
    model: 'gemma3:4b',
    created_at: '2026-01-01T00:00:00Z',
    message: { role: 'assistant', content: text },
    done: true,
    done_reason: 'stop',
    prompt_eval_count: 11,
    eval_count: 7,
  });

export const ollamaChunk = (text, done = false) =>
  `${JSON.stringify({
    model: 'gemma3:4b',
    created_at: '2026-01-01T00:00:00Z',
    message: { role: 'assistant', content: text },
    done,
    ...(done ? { done_reason: 'stop', prompt_eval_count: 11, eval_count: 7 } : {}),
  })}\n`;

export const openaiReply = (text) =>
  JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1767225600,
    model: 'gpt-4-turbo',
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
  });

export const sendJson = (response, body, status = 200, headers = {}) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body);
};

/// A promise with its handle outside: what a test holds back until it has seen enough.
export function gate() {
  let open;
  const opened = new Promise((resolve) => {
    open = resolve;
  });
  return { open, opened };
}
