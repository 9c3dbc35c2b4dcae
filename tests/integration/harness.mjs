// Starts the built program as a user does and talks to it over its sockets. Nothing here waits for a
// time: it waits for a line, an event, a response or the end of a process. What ends a test that hangs
// is ctest's timeout.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

export const program = process.env.FLIPSYNC_PROGRAM ?? path.join(root, 'build/release/flipsync');

/// Path of a file of the sample shop: products, prices, orders or rates.
export const sample = (kind) => path.join(root, 'config/sample', `${kind}.csv`);

/// A folder that is gone after the test (or after the file, where `t` is the file's).
export function scratch(t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'flipsync-it-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/// The test's own variables and nothing that the developer happens to have set.
function environment(more = {}) {
  const kept = {};
  for (const name of ['PATH', 'ASAN_OPTIONS', 'UBSAN_OPTIONS', 'LD_LIBRARY_PATH'])
    if (process.env[name] !== undefined) kept[name] = process.env[name];
  // Tests count what a model server is asked.
  return {
    ...kept, HOME: os.tmpdir(), TZ: 'UTC', FLIPSYNC_OLLAMA_PREWARM: 'false', ENABLE_CACHING: 'false', ...more,
  };
}

/// Runs the program to its end: {code, stdout, stderr}.
export async function run(args, { env } = {}) {
  try {
    const done = await promisify(execFile)(program, args, { env: environment(env) });
    return { code: 0, ...done };
  } catch (failed) {
    if (typeof failed.code !== 'number') throw failed;
    return { code: failed.code, stdout: failed.stdout, stderr: failed.stderr };
  }
}

/// Imports a file and insists that it went well.
export async function importFile(data, kind, file) {
  const done = await run(['import', file, '--kind', kind, '--data', data, '--json']);
  if (done.code !== 0) throw new Error(`import of ${file}: exit ${done.code}\n${done.stderr}`);
  return JSON.parse(done.stdout);
}

let imported;

async function importShop() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'flipsync-it-shop-'));
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  for (const kind of ['products', 'prices', 'orders', 'rates'])
    await importFile(folder, kind, sample(kind));
  return folder;
}

/// A data folder with the sample shop. It is imported once a file; each test gets a copy.
export async function shop(t) {
  imported ??= importShop();
  const data = path.join(scratch(t), 'data');
  fs.cpSync(await imported, data, { recursive: true });
  return data;
}

/// Rows of a CSV file as objects by column.
export function csv(file) {
  const [header, ...rows] = fields(fs.readFileSync(file, 'utf8'));
  return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ''])));
}

function fields(text) {
  const rows = [];
  let row = [];
  for (const found of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    if (found.index === text.length && row.length === 0) break;
    row.push(found[1] === undefined ? found[2] : found[1].replaceAll('""', '"'));
    if (found[3] === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

/// `flipsync serve` on a free port, or on the one an earlier service had. Ends with the test; what it logged is shown if the test failed.
export async function serve(t, { data, env, port = 0, args = [] }) {
  const child = spawn(program, ['serve', '--listen', `127.0.0.1:${port}`, '--data', data, ...args], {
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const service = new Service(child);
  t.after(async () => {
    await service.kill();
    if (t.passed === false) console.error(`--- stderr of pid ${child.pid}\n${service.stderr}---`);
  });
  await service.ready;
  return service;
}

class Service {
  stderr = '';
  #watchers = new Set();

  constructor(child) {
    this.child = child;
    this.pid = child.pid;
    this.exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
    child.stderr.setEncoding('utf8').on('data', (text) => {
      this.stderr += text;
      for (const look of this.#watchers) look();
    });
    this.ready = this.#readyLine();
  }

  async #readyLine() {
    const lines = readline.createInterface({ input: this.child.stdout });
    const line = await Promise.race([
      once(lines, 'line').then(([text]) => text),
      this.exited.then(({ code }) => {
        throw new Error(`serve ended with ${code} before it was ready\n${this.stderr}`);
      }),
    ]);
    const said = /ready at (https?:\/\/127\.0\.0\.1:(\d+)) \(pid (\d+)\)/.exec(line);
    if (!said) throw new Error(`not a ready line: ${line}`);
    [, this.url] = said;
    this.port = Number(said[2]);
    this.saidPid = Number(said[3]);
  }

  /// Resolves once the log holds `pattern`.
  logged(pattern) {
    return new Promise((resolve) => {
      const look = () => {
        if (!pattern.test(this.stderr)) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  signal(name) {
    this.child.kill(name);
  }

  async stop() {
    this.signal('SIGTERM');
    return this.exited;
  }

  async kill() {
    this.signal('SIGKILL');
    return this.exited;
  }
}

/// One request. {status, headers, text, json, ms}; `json` is undefined where the body is none.
export async function request(service, method, target, { body, headers = {}, agent } = {}) {
  const began = performance.now();
  const payload = body === undefined || typeof body === 'string' || Buffer.isBuffer(body)
    ? body
    : JSON.stringify(body);
  const call = http.request({
    host: '127.0.0.1',
    port: service.port,
    method,
    path: target,
    agent: agent ?? false,
    headers: {
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...(payload === undefined ? {} : { 'content-length': Buffer.byteLength(payload) }),
      ...headers,
    },
  });
  call.end(payload);
  const [response] = await once(call, 'response');
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  const typed = /json/.test(response.headers['content-type'] ?? '');
  return {
    status: response.statusCode,
    headers: response.headers,
    text,
    json: typed && text ? JSON.parse(text) : undefined,
    ms: performance.now() - began,
  };
}

export const get = (service, target, options) => request(service, 'GET', target, options);

/// Resolves once /metrics holds `pattern`: a count follows what it counts, soon but not at once.
export async function counted(service, pattern) {
  while (!pattern.test((await get(service, '/metrics')).text));
}

/// One turn with a whole reply; `turn` is the message or the whole request.
export const ask = (service, turn, options = {}) =>
  request(service, 'POST', '/api/v1/chat', {
    ...options,
    body: typeof turn === 'string' ? { message: turn } : turn,
  });

/// One turn as server-sent events. `events` is an async iterator of {event, id, data, at}; `close()`
/// leaves in the middle.
export async function stream(service, turn) {
  const body = JSON.stringify(typeof turn === 'string' ? { message: turn } : turn);
  const call = http.request({
    host: '127.0.0.1',
    port: service.port,
    method: 'POST',
    path: '/api/v1/chat/stream',
    agent: false,
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
  });
  call.end(body);
  const [response] = await once(call, 'response');
  return {
    status: response.statusCode,
    headers: response.headers,
    response,
    events: parseEvents(response),
    close: () => response.destroy(),
  };
}

async function* parseEvents(response) {
  let rest = '';
  response.setEncoding('utf8');
  for await (const text of response) {
    rest += text;
    for (let end = rest.indexOf('\n\n'); end !== -1; end = rest.indexOf('\n\n')) {
      const block = rest.slice(0, end);
      rest = rest.slice(end + 2);
      const found = { at: performance.now() };
      for (const line of block.split('\n')) {
        if (line.startsWith(':')) continue;
        const colon = line.indexOf(':');
        found[line.slice(0, colon)] = line.slice(colon + 1).trimStart();
      }
      if (found.data !== undefined) yield { ...found, data: JSON.parse(found.data) };
    }
  }
  if (rest.trim() !== '') throw new Error(`the stream ended within an event: ${rest}`);
}

/// All events of a turn that is streamed.
export async function streamed(service, turn) {
  const { events } = await stream(service, turn);
  const all = [];
  for await (const event of events) all.push(event);
  return all;
}

/// A bare socket, for what no HTTP client would send.
export class RawConnection {
  static async open(service) {
    const socket = net.connect(service.port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  constructor(socket) {
    this.socket = socket;
    this.bytes = '';
    this.closed = once(socket, 'close');
    socket.on('error', () => {}); // a reset shows as a close
    socket.setEncoding('latin1').on('data', (text) => {
      this.bytes += text;
    });
  }

  send(text) {
    this.socket.write(text, 'latin1');
  }

  /// The next response with a content-length: {status, head, body}.
  async response() {
    for (;;) {
      const found = this.#take();
      if (found) return found;
      const gone = await Promise.race([
        once(this.socket, 'data').then(() => false),
        this.closed.then(() => true),
      ]);
      if (gone) {
        const last = this.#take();
        if (last) return last;
        throw new Error(`closed before a whole response came: ${this.bytes}`);
      }
    }
  }

  #take() {
    const end = this.bytes.indexOf('\r\n\r\n');
    if (end === -1) return undefined;
    const head = this.bytes.slice(0, end);
    const size = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    if (this.bytes.length < end + 4 + size) return undefined;
    const body = this.bytes.slice(end + 4, end + 4 + size);
    this.bytes = this.bytes.slice(end + 4 + size);
    return { status: Number(head.split(' ')[1]), head, body };
  }

  close() {
    this.socket.destroy();
  }
}
