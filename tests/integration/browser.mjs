// Drives Debian's Chromium as a user does. Every page is watched: an error in its console, a request to
// another origin, or something that its Content-Security-Policy had to stop fails the test.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import net from 'node:net';
import { after, before } from 'node:test';

function load() {
  try {
    return createRequire(new URL('./npm/package.json', import.meta.url))('playwright-core').chromium;
  } catch (why) {
    if (why.code !== 'MODULE_NOT_FOUND') throw why;
    throw new Error('playwright-core is not installed: ./dev test does it, or `npm ci --prefix tests/integration/npm`');
  }
}

const program = process.env.FLIPSYNC_CHROMIUM ?? '/usr/bin/chromium';
/// What a browser would do by itself and no test wants: it talks to nobody but the service.
const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

let chromium;

/// One browser for the whole file; each page has a profile of its own.
export function useChromium() {
  before(async () => {
    chromium = await load().launch({ executablePath: program, args: quiet });
  });
  after(() => chromium?.close());
}

/// The console of a service (or of whatever listens at `port`), opened anew. `allowed` are patterns of
/// console messages that the test itself brings about.
/// `ready` false: do not wait until the page knows the agents.
export async function openConsole(t, { port }, { allowed = [], ready = true, ...options } = {}) {
  const context = await chromium.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  const origin = `http://127.0.0.1:${port}`;
  const faults = [];
  page.on('pageerror', (why) => faults.push(`error in the page: ${why.stack}`));
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return;
    if (!allowed.some((pattern) => pattern.test(message.text()))) faults.push(`${message.type()}: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) faults.push(`request to ${request.url()}`);
  });
  page.faults = faults;
  await page.goto(`${origin}/`);
  if (ready) await page.locator('#agent option').nth(1).waitFor({ state: 'attached' });
  return page;
}

/// To be called at the end of a test.
export const assertClean = (page) => assert.deepEqual(page.faults, []);

export async function say(page, message) {
  await page.getByLabel('Message', { exact: true }).fill(message);
  await page.keyboard.press('Enter');
}

/// The newest turn on the page, as locators.
export function lastTurn(page) {
  const turn = page.locator('.turn').last();
  return {
    turn,
    asked: turn.locator('.asked'),
    status: turn.locator('.status'),
    agent: turn.locator('.agent'),
    text: turn.locator('.prose'),
    problem: turn.locator('.problem'),
    cards: turn.locator('.card'),
    replies: turn.getByRole('group', { name: 'Quick replies' }).getByRole('button'),
    how: turn.locator('.how'),
  };
}

/// Resolves once the locator's text is, or matches, what is wanted.
export async function shows(locator, wanted) {
  const handle = await locator.elementHandle();
  const pattern = wanted instanceof RegExp ? wanted : new RegExp(`^\\s*${wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
  await handle.evaluate((element, { source, flags }) => new Promise((resolve) => {
    const wantedText = new RegExp(source, flags);
    const look = () => wantedText.test(element.textContent);
    if (look()) return resolve();
    const watcher = new MutationObserver(() => {
      if (!look()) return;
      watcher.disconnect();
      resolve();
    });
    watcher.observe(element, { subtree: true, childList: true, characterData: true });
  }), { source: pattern.source, flags: pattern.flags });
}

/// A wire between browser and service that can be cut. `cut()` ends every WebSocket without a word and
/// lets no new one through until `mend()`. `hold()` keeps back what the service says on WebSockets until `release()`.
export async function cuttableWire(t, service) {
  const sockets = new Set();
  const held = [];
  let broken = false;
  let holding = false;
  let dropped = 0;
  const server = net.createServer((near) => {
    const far = net.connect(service.port, '127.0.0.1');
    const pair = { near, far, upgraded: false };
    sockets.add(pair);
    const end = () => {
      near.destroy();
      far.destroy();
      sockets.delete(pair);
    };
    for (const side of [near, far]) side.on('error', end).on('close', end);
    near.on('data', (bytes) => {
      pair.upgraded ||= /^upgrade: *websocket/im.test(bytes.toString('latin1'));
      if (pair.upgraded && broken) return end();
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (pair.upgraded && holding) held.push(() => near.write(bytes));
      else near.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    broken = true;
    for (const { near, far, upgraded } of [...sockets]) {
      if (!upgraded) continue;
      dropped += 1;
      near.destroy();
      far.destroy();
    }
  };
  t.after(() => {
    server.close();
    for (const { near, far } of sockets) {
      near.destroy();
      far.destroy();
    }
  });
  return {
    port: server.address().port,
    cut,
    mend() {
      broken = false;
    },
    hold() {
      holding = true;
    },
    release() {
      holding = false;
      for (const pass of held.splice(0)) pass();
    },
    get dropped() {
      return dropped;
    },
  };
}
