// Every quick reply that the sample shop offers comes back as a message: it must have an answer.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ask, serve, shop } from './harness.mjs';

const openings = [
  'hello', 'headphones under $50', 'show me wine', 'gift under 20 bucks', 'I cannot sleep', 'my back is in pain',
  'something cheap', 'what is new?', 'do you ship to Canada? what does shipping cost?', 'can I return it?',
  'Which Wireless Headphones are there?', 'the most expensive headphones', 'cheapest products', 'what can I get for $20?',
];
const deepest = 3;

async function reply(service, message, conversation_id) {
  const { status, json } = await ask(service, { message, conversation_id, audience: 'shopper' });
  assert.equal(status, 200, message);
  return json;
}

test('every quick reply of the sample shop has an answer', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const asked = new Set();
  let waiting = openings.map((message) => [message]);
  for (let depth = 0; depth <= deepest && waiting.length > 0; ++depth) {
    const next = [];
    for (const way of waiting) {
      // "it" in a reply is what was shown before, so the way to it is gone again.
      const conversation = `way-${asked.size}-${depth}`;
      let last;
      for (const message of way) last = await reply(service, message, conversation);
      if (depth > 0) {
        const at = way.join(' > ');
        assert.doesNotMatch(last.message, /Name a product|No product|Nothing matches|Which product do you mean/, at);
      }
      for (const offered of last.quick_replies) {
        if (asked.has(offered)) continue;
        asked.add(offered);
        next.push([...way, offered]);
      }
    }
    waiting = next;
  }
  assert.ok(asked.size > 20, [...asked].join(', '));
  t.diagnostic([...asked].join(' | '));
});

test('what the shipped rules say of shipping and returns is true of any shop', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const told = (await reply(service, 'Shipping and returns')).message;
  assert.match(told, /weight of the parcel/);
  assert.match(told, /within 30 days/);
  assert.doesNotMatch(told, /\$/);
});
