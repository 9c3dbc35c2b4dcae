// How each provider speaks, for a server that plays them: sound answers, and the forms that their
// faults take.

const usage = { in: 11, out: 7 };
const sse = (data, event) => `${event ? `event: ${event}\n` : ''}data: ${JSON.stringify(data)}\n\n`;

const openaiChunk = (delta, finish = null) =>
  sse({ id: 'c1', object: 'chat.completion.chunk', created: 1767225600, model: 'gpt-4-turbo',
    choices: [{ index: 0, delta, finish_reason: finish }] });

const ollamaLine = (text, more = {}) =>
  `${JSON.stringify({ model: 'gemma3:4b', created_at: '2026-01-01T00:00:00Z',
    message: { role: 'assistant', content: text }, done: false, ...more })}\n`;

const geminiCandidate = (text, finishReason) =>
  ({ candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] }, ...(finishReason ? { finishReason } : {}) }],
    usageMetadata: { promptTokenCount: usage.in, candidatesTokenCount: usage.out },
    modelVersion: 'gemini-test' });

export const vendors = {
  ollama: {
    env: (url) => ({ LLM_PROVIDER: 'ollama', OLLAMA_HOST: url }),
    streamed: (request) => request.json.stream === true,
    streamType: 'application/x-ndjson',
    whole: (text) => ({ model: 'gemma3:4b', created_at: '2026-01-01T00:00:00Z',
      message: { role: 'assistant', content: text }, done: true, done_reason: 'stop',
      prompt_eval_count: usage.in, eval_count: usage.out }),
    open: '',
    token: (text) => ollamaLine(text),
    finish: ollamaLine('', { done: true, done_reason: 'stop', prompt_eval_count: usage.in, eval_count: usage.out }),
    sentinel: '',
    broken: '{"model": oops\n',
    error: (message) => ({ error: message }),
    tooLong: { status: 400, body: { error: 'the prompt exceeds the context length of 2048 tokens' } },
    model: (request) => request.json.model,
  },
  openai: {
    env: (url) => ({ LLM_PROVIDER: 'openai', OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: 'sk-test-0123456789abcdef' }),
    streamed: (request) => request.json.stream === true,
    streamType: 'text/event-stream',
    whole: (text) => ({ id: 'c1', object: 'chat.completion', created: 1767225600, model: 'gpt-4-turbo',
      choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
      usage: { prompt_tokens: usage.in, completion_tokens: usage.out, total_tokens: 18 } }),
    open: openaiChunk({ role: 'assistant', content: '' }),
    token: (text) => openaiChunk({ content: text }),
    finish: openaiChunk({}, 'stop')
      + sse({ id: 'c1', object: 'chat.completion.chunk', created: 1767225600, model: 'gpt-4-turbo', choices: [],
        usage: { prompt_tokens: usage.in, completion_tokens: usage.out, total_tokens: 18 } }),
    sentinel: 'data: [DONE]\n\n',
    broken: 'data: {"choices": oops\n\n',
    error: (message) => ({ error: { message, type: 'server_error', param: null, code: null } }),
    tooLong: { status: 400, body: { error: { code: 'context_length_exceeded', type: 'invalid_request_error',
      message: "This model's maximum context length is 8192 tokens." } } },
    filtered: { whole: { status: 400, body: { error: { code: 'content_filter', message: 'The response was filtered.' } } },
      stream: openaiChunk({}, 'content_filter') },
    resetHeader: { 'x-ratelimit-reset-requests': '40ms', 'x-ratelimit-remaining-requests': '0' },
    model: (request) => request.json.model,
  },
  anthropic: {
    env: (url) => ({ LLM_PROVIDER: 'anthropic', ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: 'sk-ant-test-0123456789' }),
    streamed: (request) => request.json.stream === true,
    streamType: 'text/event-stream',
    whole: (text, stop = 'end_turn') => ({ id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-test',
      content: text ? [{ type: 'text', text }] : [], stop_reason: stop, stop_sequence: null,
      usage: { input_tokens: usage.in, output_tokens: usage.out } }),
    open: sse({ type: 'message_start', message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-test',
      content: [], stop_reason: null, usage: { input_tokens: usage.in, output_tokens: 1 } } }, 'message_start')
      + sse({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }, 'content_block_start'),
    token: (text) => sse({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }, 'content_block_delta'),
    finish: sse({ type: 'content_block_stop', index: 0 }, 'content_block_stop')
      + sse({ type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: usage.out } }, 'message_delta'),
    sentinel: sse({ type: 'message_stop' }, 'message_stop'),
    broken: 'event: content_block_delta\ndata: {"type": oops\n\n',
    error: (message) => ({ type: 'error', error: { type: 'api_error', message } }),
    tooLong: { status: 400, body: { type: 'error', error: { type: 'invalid_request_error',
      message: 'prompt is too long: 210000 tokens > 200000 maximum' } } },
    filtered: { whole: { status: 200, refusal: true },
      stream: sse({ type: 'message_delta', delta: { stop_reason: 'refusal', stop_sequence: null }, usage: { output_tokens: 0 } }, 'message_delta')
        + sse({ type: 'message_stop' }, 'message_stop') },
    model: (request) => request.json.model,
  },
  gemini: {
    env: (url) => ({ LLM_PROVIDER: 'gemini', GEMINI_BASE_URL: `${url}/v1beta`, GEMINI_API_KEY: 'AIza-test-0123456789' }),
    streamed: (request) => request.url.includes('streamGenerateContent'),
    streamType: 'text/event-stream',
    whole: (text) => geminiCandidate(text, 'STOP'),
    open: '',
    token: (text) => sse(geminiCandidate(text)),
    finish: sse(geminiCandidate('', 'STOP')),
    sentinel: '',
    broken: 'data: {"candidates": oops\n\n',
    error: (message, status = 500) => ({ error: { code: status, message, status: 'INTERNAL' } }),
    tooLong: { status: 400, body: { error: { code: 400, status: 'INVALID_ARGUMENT',
      message: 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).' } } },
    filtered: { whole: { status: 200, body: { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 11 } } },
      stream: sse({ promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 11 } }) },
    resetBody: { error: { code: 429, message: 'Quota exceeded.', status: 'RESOURCE_EXHAUSTED',
      details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '0.04s' }] } },
    model: (request) => /models\/([^:]+):/.exec(request.url)[1],
  },
};

vendors.anthropic.filtered.whole.body = vendors.anthropic.whole('', 'refusal');
