// The console page in a real browser: what a person sees, does by hand or by keyboard, and what becomes
// of it at the provider.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertClean, cuttableWire, lastTurn, openConsole, say, shows, useChromium } from './browser.mjs';
import { counted, get, request, run, serve, shop } from './harness.mjs';
import { gate, ollamaAt, ollamaChunk, scripted, sendJson } from './providers.mjs';

useChromium();

const question = 'what should I charge for AUD-1001?';

/// A provider that writes each word only when its gate is opened. `closed` opens when the caller has left.
async function gatedProvider(t, words) {
  const gates = words.map(() => gate());
  const closed = gate();
  const server = await scripted(t, async (request, response) => {
    response.on('close', closed.open);
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    for (const [i, word] of words.entries()) {
      await gates[i].opened;
      if (response.destroyed) return;
      response.write(ollamaChunk(word));
    }
    response.end(ollamaChunk('', true));
  });
  return { server, gates, closed, env: ollamaAt(server.url) };
}

/// A seller's page on a service whose model answers as the gates are opened.
async function sellerPage(t, words, options = {}) {
  const provider = await gatedProvider(t, words);
  const service = await serve(t, { data: await shop(t), env: provider.env });
  const page = await openConsole(t, options.wire ? await options.wire(service) : service, options);
  await page.getByRole('radio', { name: 'Seller' }).check({ force: true });
  return { provider, service, page };
}

/// The conversation that the tab goes on with, also after a reload.
const tabsConversation = (page) => page.evaluate(() => JSON.parse(sessionStorage.getItem('flipsync.conversation')));

test('tokens are on the page while the provider still holds back the next', async (t) => {
  const words = ['Charge ', 'what ', 'the rules ', 'say.'];
  const { provider, page } = await sellerPage(t, words);
  await say(page, question);
  const turn = lastTurn(page);
  await shows(turn.agent, 'Pricing');
  for (let seen = 1; seen <= words.length; ++seen) {
    provider.gates[seen - 1].open();
    await shows(turn.text, words.slice(0, seen).join('').trim());
  }
  await shows(turn.status, 'Ok');
  await shows(turn.how, /Pricing \d+ %, by what the message says/);
  const bar = turn.how.getByRole('img', { name: /^Response: from .* to .*, Ok$/ });
  assert.ok((await bar.boundingBox()).width > 0);
  assert.match(await turn.how.textContent(), /ollama gemma3:4b · 11 → 7 tokens/);
  assertClean(page);
});

test('the stop button ends the call to the provider', async (t) => {
  const { provider, page } = await sellerPage(t, ['Charge ', 'never.']);
  await say(page, question);
  provider.gates[0].open();
  const turn = lastTurn(page);
  await shows(turn.text, 'Charge');
  await page.getByRole('button', { name: 'Stop' }).click();
  await provider.closed.opened;
  await shows(turn.status, 'Stopped');
  await shows(turn.text, 'Charge');
  assert.match(await turn.problem.textContent(), /Stopped/);
  await page.getByRole('button', { name: 'Send' }).waitFor();
  assertClean(page);
});

test('a tab that is closed ends the call to the provider', async (t) => {
  const { provider, service, page } = await sellerPage(t, ['Charge ', 'never.']);
  await say(page, question);
  provider.gates[0].open();
  await shows(lastTurn(page).text, 'Charge');
  await page.close();
  await provider.closed.opened;
  await counted(service, /^flipsync_provider_calls_cancelled_total\{provider="ollama"\} 1\b/m);
});

test('a dropped connection is made anew and no word is lost or doubled', async (t) => {
  const words = ['One ', 'two ', 'three ', 'four ', 'five.'];
  let wire;
  const { provider, page } = await sellerPage(t, words, {
    allowed: [/WebSocket connection/],
    wire: async (service) => (wire = await cuttableWire(t, service)),
  });
  await page.getByText('WebSocket', { exact: true }).waitFor();
  await say(page, question);
  const turn = lastTurn(page);
  provider.gates[0].open();
  await shows(turn.text, 'One');
  wire.cut();
  assert.equal(wire.dropped, 1);
  await shows(turn.turn, /taking the answer up again/);
  // Two words come while nobody can hear them.
  provider.gates[1].open();
  provider.gates[2].open();
  wire.mend();
  await shows(turn.text, 'One two three');
  provider.gates[3].open();
  provider.gates[4].open();
  await shows(turn.text, 'One two three four five.');
  await shows(turn.status, 'Ok');
  assertClean(page);
});

test('what is stopped while the connection is being made anew is stopped at the provider, too', async (t) => {
  let wire;
  const { provider, page } = await sellerPage(t, ['One ', 'never.'], {
    allowed: [/WebSocket connection/],
    wire: async (service) => (wire = await cuttableWire(t, service)),
  });
  await page.getByText('WebSocket', { exact: true }).waitFor();
  await say(page, question);
  const turn = lastTurn(page);
  provider.gates[0].open();
  await shows(turn.text, 'One');
  wire.cut();
  await shows(turn.turn, /taking the answer up again/);
  await page.getByRole('button', { name: 'Stop' }).click();
  await shows(turn.status, 'Stopped');
  wire.mend();
  await provider.closed.opened;
  await shows(turn.text, 'One');
  assertClean(page);
});

test('products are cards, and a quick reply asks the next question', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const page = await openConsole(t, service);
  await say(page, 'Do you have wireless headphones under $70?');
  const first = lastTurn(page);
  await shows(first.status, 'Ok');
  assert.equal(await first.cards.count(), 3);
  assert.match(await first.cards.first().textContent(), /Norvane Aero Wireless Headphones, Black\$66\.99In stock/);
  const reply = await first.replies.first().textContent();
  await first.replies.first().click();
  await page.locator('.turn').nth(1).waitFor();
  const second = lastTurn(page);
  await shows(second.asked, reply);
  await shows(second.status, 'Ok');
  assertClean(page);
});

test('everything can be done by keyboard', async (t) => {
  const { provider, page } = await sellerPage(t, ['Charge ', 'never.']);
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent);
  // From the top: the first stop leads past the bars.
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  });
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'Skip to the message field');
  await page.keyboard.press('Enter');
  assert.equal(await focused(), 'message');
  await page.keyboard.type(question);
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('Briefly.');
  await page.keyboard.press('Enter');
  provider.gates[0].open();
  const turn = lastTurn(page);
  await shows(turn.text, 'Charge');
  assert.equal(provider.server.requests.at(-1).json.messages.at(-1).content, `${question}\nBriefly.`);
  await page.keyboard.press('Escape');
  await provider.closed.opened;
  await shows(turn.status, 'Stopped');
  assert.equal(await focused(), 'message');
  // Back to the answer's own button, and to the one that begins anew.
  await page.keyboard.press('Shift+Tab');
  for (let steps = 0; (await focused()) !== 'Try again'; ++steps) {
    assert.ok(steps < 20, 'the button can be reached with the Tab key');
    await page.keyboard.press('Shift+Tab');
  }
  await page.keyboard.press('Enter');
  await page.locator('.turn').nth(1).waitFor();
  assert.equal(await focused(), 'message');
  await page.keyboard.press('Escape');
  await shows(lastTurn(page).status, 'Stopped');
  assertClean(page);
});

test('what a model writes is text and nothing else', async (t) => {
  const evil = '<img src=x onerror="document.title=\'taken\'"> [link](javascript:alert(1)) **bold**';
  const { provider, page } = await sellerPage(t, [evil]);
  provider.gates[0].open();
  await say(page, '<script>document.title="taken"</script>');
  const turn = lastTurn(page);
  await shows(turn.status, 'Ok');
  assert.equal(await turn.text.textContent(), evil.replaceAll('**', ''));
  assert.equal(await turn.text.locator('strong').textContent(), 'bold');
  assert.equal(await turn.turn.locator('img, a, script').count(), 0);
  assert.equal(await page.title(), 'FlipSync console');
  assertClean(page);
});

test('the page may load nothing from elsewhere and runs no markup', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const page = await openConsole(t, service, { allowed: [/Content Security Policy|TrustedHTML/] });
  const stopped = await page.evaluate(() => new Promise((resolve) => {
    document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective));
    const image = new Image();
    image.src = 'http://192.0.2.1/pixel.png';
  }));
  assert.equal(stopped, 'img-src');
  const refused = await page.evaluate(() => {
    try {
      document.body.insertAdjacentHTML('beforeend', '<b>markup</b>');
      return 'taken';
    } catch (why) {
      return why.name;
    }
  });
  assert.equal(refused, 'TypeError');
  const { headers } = await get(service, '/', { headers: { accept: 'text/html' } });
  assert.match(headers['content-security-policy'], /default-src 'none'/);
  assert.doesNotMatch(headers['content-security-policy'], /unsafe|\*/);
});

test('a refusal of the provider is shown with its code and reason, and can be tried again', async (t) => {
  const server = await scripted(t, (request, response) => sendJson(response, '{"error":"no such model"}', 404));
  const service = await serve(t, { data: await shop(t), env: ollamaAt(server.url) });
  const page = await openConsole(t, service);
  await page.getByRole('radio', { name: 'Seller' }).check({ force: true });
  await say(page, question);
  const turn = lastTurn(page);
  await shows(turn.status, 'Failed');
  assert.match(await turn.problem.textContent(), /provider_rejected.*ollama.*no such model/s);
  server.answer = (request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.end(ollamaChunk('Now it works.') + ollamaChunk('', true));
  };
  await turn.problem.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.turn').nth(1).waitFor();
  await shows(lastTurn(page).text, 'Now it works.');
  assertClean(page);
});

test('a conversation is there again after a reload, and goes on', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const page = await openConsole(t, service);
  await say(page, 'Do you have wireless headphones under $70?');
  await shows(lastTurn(page).status, 'Ok');
  const before = await page.locator('.turns').innerText();
  await page.reload();
  await lastTurn(page).turn.waitFor();
  assert.equal(await page.locator('.turns').innerText(), before);
  // "it" is the product that was shown before the reload.
  await say(page, 'Is it in stock?');
  await page.locator('.turn').nth(1).waitFor();
  await shows(lastTurn(page).status, 'Ok');
  assert.match(await lastTurn(page).text.textContent(), /Norvane Aero Wireless Headphones/);
  await page.getByRole('button', { name: 'New conversation' }).click();
  assert.equal(await page.locator('.turn').count(), 0);
  await page.reload();
  await page.getByRole('heading', { name: 'Ask the shop' }).waitFor();
  assertClean(page);
});

test('an answer that a reload breaks off is there as far as it came, and can be asked for again', async (t) => {
  const { provider, page } = await sellerPage(t, ['Charge ', 'that.']);
  provider.gates[0].open();
  await say(page, question);
  await shows(lastTurn(page).text, 'Charge');
  await page.reload();
  const left = lastTurn(page);
  await shows(left.asked, question);
  await shows(left.text, 'Charge');
  await shows(left.status, 'Incomplete');
  await shows(left.problem, /^The page was left before the answer was whole/);
  await provider.closed.opened;
  provider.gates[1].open();
  await left.problem.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.turn').nth(1).waitFor();
  await shows(lastTurn(page).text, 'Charge that.');
  assert.equal(await page.getByRole('alert').first().isVisible(), false);
  assertClean(page);
});

test("a tab's conversation that the service does not know is an empty one, and a notice goes with the next message", async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const page = await openConsole(t, service, { allowed: [/status of (404|500)/] });
  const goBackTo = async (id) => {
    await page.evaluate((name) => sessionStorage.setItem('flipsync.conversation', JSON.stringify(name)), id);
    const answer = page.waitForResponse(/messages/);
    await page.reload();
    return (await answer).status();
  };
  const notice = page.locator('#banner');
  await page.route('**/messages?*', (route) => route.fulfill({ status: 500, json: { detail: 'no luck' } }));
  assert.equal(await goBackTo('conv_kept'), 500);
  await shows(notice, 'The conversation could not be opened: no luck');
  await say(page, 'Do you have wireless headphones under $70?');
  await shows(lastTurn(page).status, 'Ok');
  assert.equal(await notice.isVisible(), false);
  await page.getByRole('button', { name: 'New conversation' }).click();
  await page.unroute('**/messages?*');
  assert.equal(await goBackTo('conv_gone'), 404);
  await page.waitForFunction(() => sessionStorage.getItem('flipsync.conversation') === null);
  await page.getByRole('heading', { name: 'Ask the shop' }).waitFor();
  assert.equal(await notice.isVisible(), false);
  assertClean(page);
});

test('a new conversation is another one at the service', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const page = await openConsole(t, service);
  await page.getByText('WebSocket', { exact: true }).waitFor();
  await say(page, 'Do you have wireless headphones under $70?');
  await shows(lastTurn(page).status, 'Ok');
  const before = await tabsConversation(page);
  await page.getByRole('button', { name: 'New conversation' }).click();
  await say(page, 'Do you have a kettle?');
  await shows(lastTurn(page).status, 'Ok');
  const { conversations } = (await get(service, '/api/v1/chat/conversations')).json;
  assert.deepEqual(conversations.map(({ id, messages }) => [id, messages]), [[await tabsConversation(page), 2], [before, 2]]);
  assertClean(page);
});

test('a conversation that is left before the service has named it stays left', async (t) => {
  let wire;
  const { provider, page } = await sellerPage(t, ['Charge ', 'never.'], {
    wire: async (service) => (wire = await cuttableWire(t, service)),
  });
  const opened = page.waitForEvent('websocket');
  await page.reload();
  const socket = await opened;
  await page.getByText('WebSocket', { exact: true }).waitFor();
  wire.hold();
  await say(page, question);
  await provider.server.received(1);
  await page.getByRole('button', { name: 'New conversation' }).click();
  await provider.closed.opened;
  const lastWord = socket.waitForEvent('framereceived', ({ payload }) => JSON.parse(payload).type === 'failed');
  wire.release();
  await lastWord;
  assert.equal(await tabsConversation(page), null);
  assert.equal(await page.locator('.turn').count(), 0);
  await page.getByRole('button', { name: 'Send' }).waitFor();
  assertClean(page);
});

test('an earlier conversation is found in the list and goes on', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const before = await openConsole(t, service);
  await say(before, 'Do you have wireless headphones under $70?');
  await shows(lastTurn(before).status, 'Ok');
  const text = await lastTurn(before).text.textContent();
  const page = await openConsole(t, service);
  await page.getByRole('button', { name: 'Earlier' }).click();
  await page.getByRole('dialog').getByRole('button', { name: /^Concierge · Shopper.*2 messages/ }).click();
  await shows(lastTurn(page).text, text);
  await shows(lastTurn(page).asked, 'Do you have wireless headphones under $70?');
  assert.match(await lastTurn(page).turn.textContent(), /Showed AUD-1001/);
  await say(page, 'Is it in stock?');
  await page.locator('.turn').nth(1).waitFor();
  await shows(lastTurn(page).text, /Norvane Aero Wireless Headphones/);
  assertClean(page);
});

test("an earlier conversation has a shopper's and a seller's half, and a seller stays one", async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const page = await openConsole(t, service);
  await say(page, 'Do you have wireless headphones under $70?');
  await shows(lastTurn(page).status, 'Ok');
  const seller = page.getByRole('radio', { name: 'Seller' });
  await seller.check({ force: true });
  await say(page, 'What is running low?');
  await page.locator('.turn').nth(1).waitFor();
  await shows(lastTurn(page).status, 'Ok');
  await page.getByRole('button', { name: 'New conversation' }).click();
  await page.getByRole('button', { name: 'Earlier' }).click();
  await page.getByRole('dialog').getByRole('button', { name: /Shopper.*4 messages/ }).click();
  await page.locator('.turn').nth(1).waitFor();
  assert.deepEqual(await page.locator('.asked').allTextContents(), ['Do you have wireless headphones under $70?', 'What is running low?']);
  assert.deepEqual(await page.locator('.agent').allTextContents(), ['Concierge', 'Inventory']);
  assert.ok(await seller.isChecked());
  assertClean(page);
});

test('the list of earlier conversations goes on page by page to its end', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const ids = [];
  for (let i = 0; i < 101; ++i) {
    const begun = await request(service, 'POST', '/api/v1/chat/conversations', { body: { audience: 'shopper' } });
    ids.push(begun.json.id);
  }
  const page = await openConsole(t, service);
  await page.getByRole('button', { name: 'Earlier' }).click();
  const dialog = page.getByRole('dialog');
  const entries = dialog.getByRole('button', { name: /messages/ });
  const more = dialog.getByRole('button', { name: 'More' });
  for (const seen of [50, 100]) {
    await more.waitFor();
    assert.equal(await entries.count(), seen);
    await more.press('Enter');
    await entries.nth(seen).waitFor();
    assert.ok(await entries.nth(seen).evaluate((entry) => entry === document.activeElement));
  }
  assert.deepEqual([await entries.count(), await more.count()], [101, 0]);
  const read = page.waitForRequest(/messages/);
  await entries.last().click();
  assert.ok((await read).url().includes(ids[0]), 'the last one is that which was begun first');
  assertClean(page);
});

test('a service that wants a key asks for it, and keeps it for the tab only', async (t) => {
  const data = await shop(t);
  const key = (await run(['keys', 'add', '--data', data, '--role', 'operator'])).stdout.trim();
  const service = await serve(t, { data });
  const page = await openConsole(t, service, { ready: false, allowed: [/status of 401/] });
  const dialog = page.getByRole('dialog', { name: 'API key' });
  await dialog.waitFor();
  await dialog.getByLabel('Key', { exact: true }).fill('fsk_made_up');
  await page.keyboard.press('Enter');
  await shows(dialog.getByRole('alert'), /key/);
  await dialog.getByLabel('Key', { exact: true }).fill(key);
  await page.keyboard.press('Enter');
  await page.locator('#agent option').nth(1).waitFor({ state: 'attached' });
  assert.equal(await dialog.isVisible(), false);
  await say(page, 'Do you have wireless headphones under $70?');
  await shows(lastTurn(page).status, 'Ok');
  await page.reload();
  await page.locator('#agent option').nth(1).waitFor({ state: 'attached' });
  assert.equal(await dialog.isVisible(), false);
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }));
  assert.ok(!kept.includes(key));
  assert.ok(!page.url().includes(key) && !service.stderr.includes(key));
  assertClean(page);
});

test('a wrong key is asked for once: nothing that is typed is lost, and the dialog can be left', async (t) => {
  const data = await shop(t);
  const key = (await run(['keys', 'add', '--data', data, '--role', 'operator'])).stdout.trim();
  const service = await serve(t, { data });
  const page = await openConsole(t, service, { ready: false, allowed: [/status of 401/] });
  const dialog = page.getByRole('dialog', { name: 'API key' });
  const field = dialog.getByLabel('Key', { exact: true });
  await field.fill(key);
  await page.keyboard.press('Enter');
  await page.getByText('WebSocket', { exact: true }).waitFor();
  // One of the refusals comes late, while the next key is being typed.
  const typed = gate();
  await page.route('**/api/v1/budget', async (route) => {
    await typed.opened;
    await route.continue();
  });
  await page.getByRole('button', { name: 'API key' }).click();
  await field.fill('fsk_typo');
  await page.keyboard.press('Enter');
  await shows(dialog.getByRole('alert'), /key/);
  await page.keyboard.type('fsk_half');
  const late = page.waitForResponse(/budget/);
  typed.open();
  assert.equal((await late).status(), 401);
  // The WebSocket is not tried again.
  await page.getByText('HTTP', { exact: true }).waitFor();
  await page.keyboard.type('_a_key');
  assert.equal(await field.inputValue(), 'fsk_half_a_key');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await dialog.isVisible(), false);
  await page.getByRole('button', { name: 'API key' }).click();
  await field.fill(key);
  await page.keyboard.press('Enter');
  await page.getByText('WebSocket', { exact: true }).waitFor();
  assertClean(page);
});

test('a service that is gone is said to be, and found again', async (t) => {
  const data = await shop(t);
  const service = await serve(t, { data });
  const page = await openConsole(t, service, { allowed: [/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|WebSocket/] });
  await service.kill();
  await page.getByRole('alert').getByText('cannot be reached').waitFor();
  await say(page, 'Is anybody there?');
  await shows(lastTurn(page).status, 'Failed');
  await shows(lastTurn(page).problem, /unreachable/);
  await serve(t, { data, port: service.port });
  await page.locator('#link-state[data-state=good]').waitFor();
  assert.equal(await page.getByText('cannot be reached. Trying').isVisible(), false);
  assertClean(page);
});

test('the live side shows agents, provider and counts of what just happened', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const page = await openConsole(t, service);
  const row = page.getByRole('table', { name: 'Agents' }).getByRole('row', { name: /^Concierge/ });
  assert.match(await row.textContent(), /Concierge\s*0–00/);
  await say(page, 'Do you have wireless headphones under $70?');
  await shows(lastTurn(page).status, 'Ok');
  await shows(row, /Concierge\s*0[\d.<\s]+m?s10/);
  await page.getByRole('table', { name: 'Model providers' }).getByRole('row', { name: /offline/ }).waitFor();
  await page.getByRole('img', { name: /^Latency of turns, the last five minutes; now p50 [\d.<\s]+m?s/ }).waitFor();
  await page.getByRole('img', { name: /^Cache hit rate/ }).waitFor();
  assertClean(page);
});

const phone = { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true };

test('a phone needs no sideways scrolling and reaches both views', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const page = await openConsole(t, service, phone);
  const overflow = () => page.evaluate(() => [document.scrollingElement, ...document.querySelectorAll('main, aside, .log, .turns, .chat-bar, .bar')]
    .filter((element) => element.clientWidth && element.scrollWidth > element.clientWidth)
    .map((element) => `${element.tagName}.${element.className}`));
  assert.deepEqual(await overflow(), []);
  await say(page, 'Do you have wireless headphones under $70?');
  const turn = lastTurn(page);
  await shows(turn.status, 'Ok');
  await turn.how.locator('summary').first().click();
  assert.deepEqual(await overflow(), []);
  for (const target of await page.getByRole('button').all())
    if (await target.isVisible()) assert.ok((await target.boundingBox()).height >= 32, await target.textContent());
  await page.getByRole('button', { name: 'Live' }).tap();
  await page.getByRole('table', { name: 'Agents' }).waitFor();
  assert.equal(await turn.turn.isVisible(), false);
  assert.deepEqual(await overflow(), []);
  assertClean(page);
});

/// Texts on the page whose contrast is below what WCAG asks for at level AA.
const tooFaint = (page) => page.evaluate(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const luminance = (color) => {
    const [r, g, b] = [...rgba(color)].map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (rgba(color)[3] > 200) return color;
    }
    return 'white';
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    // What cannot be used now may be faint.
    if (!text || !element.checkVisibility() || element.closest('.sr, .skip, :disabled, noscript')) continue;
    const style = getComputedStyle(element);
    const [light, dark] = [luminance(style.color), luminance(ground(element))].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    const large = parseFloat(style.fontSize) >= 24;
    if (ratio < (large ? 3 : 4.5)) found.push(`${text.slice(0, 40)}: ${ratio.toFixed(2)}`);
  }
  return found;
});

test('light and dark follow the system or the button, and all text can be read', async (t) => {
  const server = await scripted(t, (request, response) => sendJson(response, '{"error":"no"}', 400));
  const service = await serve(t, { data: await shop(t), env: ollamaAt(server.url) });
  const page = await openConsole(t, service, { colorScheme: 'dark' });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  assert.deepEqual(await tooFaint(page), []);
  await say(page, 'Do you have wireless headphones under $70?');
  await shows(lastTurn(page).status, 'Failed');
  await lastTurn(page).how.evaluate((details) => { details.open = true; });
  assert.deepEqual(await tooFaint(page), []);
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await ground();
  assert.notEqual(light, dark);
  assert.deepEqual(await tooFaint(page), []);
  const button = page.getByRole('button', { name: /^Theme/ });
  await button.click();
  assert.equal(await ground(), light, 'the first step is light');
  await button.click();
  assert.equal(await ground(), dark, 'the second is dark');
  assert.deepEqual(await tooFaint(page), []);
  await page.reload();
  assert.equal(await ground(), dark, 'and it is remembered');
  await page.getByRole('button', { name: 'Theme: dark' }).click();
  assert.equal(await ground(), light, 'the third is the system again');
  assertClean(page);
});
