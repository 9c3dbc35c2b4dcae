// The README's examples of the doors, run as they are written, but for the port.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { serve, shop } from './harness.mjs';

const readme = fs.readFileSync(
  path.join(path.dirname(fileURLToPath(import.meta.url)), '../../README.md'), 'utf8');

/// The one block of shell commands that holds `mark`.
function example(mark) {
  const blocks = [...readme.matchAll(/```sh\n(.*?)```/gs)].map(([, text]) => text).filter((text) => text.includes(mark));
  assert.equal(blocks.length, 1, `the README has one example with ${mark}`);
  return blocks[0];
}

async function shell(service, script) {
  const { stdout } = await promisify(execFile)('bash', ['-euc', script.replaceAll('127.0.0.1:8080', `127.0.0.1:${service.port}`)]);
  return stdout;
}

test('the README\'s first question has the answer that the README shows', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const reply = JSON.parse(await shell(service, example('/api/v1/chat \\')));
  assert.equal(reply.agent, 'concierge');
  assert.equal(reply.products[0].sku, 'AUD-1001');
  assert.ok(readme.includes(reply.message.split('\n')[0]), reply.message);
});

test('the README\'s stream is one of events that ends with the reply', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const said = await shell(service, example('/api/v1/chat/stream'));
  const types = [...said.matchAll(/^event: (\w+)$/gm)].map(([, type]) => type);
  assert.equal(types[0], 'turn_started');
  assert.equal(types.at(-1), 'completed');
  assert.ok(types.includes('token'));
});

test('the README\'s WebSocket prints the answer\'s tokens and ends', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  assert.match(await shell(service, example('/ws/chat')), /headphones/i);
});
