/// Requests to the service this page came from, and what it says when it refuses.

import { key } from './memory.js';

/// A refusal as RFC 9457 has it, or the lack of any answer (`code` is then "unreachable").
export class Problem extends Error {
  constructor({ status = 0, code = 'unreachable', detail, title, retry_after_ms, request_id, ...facts } = {}) {
    super(detail || title || 'The service cannot be reached');
    Object.assign(this, { status, code, title, requestId: request_id, facts });
    this.retryAfterMs = retry_after_ms ?? null;
  }

  get unreachable() {
    return this.code === 'unreachable';
  }

  /// The service offers no such route, or not in this build.
  get missing() {
    return this.status === 404 || this.status === 405 || this.status === 501;
  }
}

let askForKey = () => {};
/// `ask(problem)` is called whenever the service wants a key or another one.
export function whenKeyIsWanted(ask) {
  askForKey = ask;
}

async function problemOf(response) {
  let body = {};
  try {
    body = await response.json();
  } catch {
    // Not from the service itself: a proxy on the way, say.
  }
  const after = Number(response.headers.get('retry-after'));
  return new Problem({
    code: `http_${response.status}`,
    detail: `HTTP ${response.status}`,
    ...(after > 0 ? { retry_after_ms: after * 1000 } : {}),
    ...body,
    status: response.status,
  });
}

/// The response, if it is a success. Throws Problem; an abort by `signal` is thrown as it is.
export async function call(method, path, { body, signal, accept = 'application/json' } = {}) {
  const headers = { accept };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (key.value) headers.authorization = `Bearer ${key.value}`;
  let response;
  try {
    response = await fetch(path, {
      method,
      headers,
      signal,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store',
      credentials: 'same-origin',
    });
  } catch (why) {
    if (why.name === 'AbortError') throw why;
    throw new Problem();
  }
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (response.status === 401) askForKey(problem);
  throw problem;
}

async function whole(body) {
  try {
    return await body;
  } catch {
    throw new Problem({ detail: 'The answer broke off' });
  }
}

export const getJson = async (path, options) => whole((await call('GET', path, options)).json());

export const getText = async (path, options) => whole((await call('GET', path, { ...options, accept: 'text/plain' })).text());
