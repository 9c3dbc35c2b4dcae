// What operators look at: health, metrics, the roster.

import assert from 'node:assert/strict';
import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { ask, get, request, run, serve, shop, streamed } from './harness.mjs';
import { deadAddress, ollamaAt } from './providers.mjs';

/// Prometheus' text format, read strictly: samples by their whole name, and the type of each family.
function parseMetrics(text) {
  const types = new Map();
  const samples = new Map();
  assert.ok(text.endsWith('\n'), 'the last line ends with a line feed');
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/.exec(line);
    if (comment) {
      if (comment[1] !== 'TYPE') continue;
      assert.ok(!types.has(comment[2]), `${comment[2]} has one type`);
      assert.match(comment[3], /^(counter|gauge|histogram|summary|untyped)$/);
      types.set(comment[2], comment[3]);
      continue;
    }
    const label = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
    const sample = new RegExp(
      `^([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{${label}(?:,${label})*,?\\})? (\\S+)(?: (-?\\d+))?$`).exec(line);
    assert.ok(sample, `a sample or a comment: ${line}`);
    const [, name, labels = '', value] = sample;
    assert.ok(value === '+Inf' || Number.isFinite(Number(value)), line);
    const family = types.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '');
    assert.ok(types.has(family), `${name} comes after its TYPE`);
    assert.ok(!samples.has(name + labels), `${name}${labels} is given once`);
    samples.set(name + labels, Number(value));
  }
  return { types, samples };
}

test('the metrics are Prometheus text and count the turns', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const before = await get(service, '/metrics');
  assert.equal(before.status, 200);
  assert.match(before.headers['content-type'], /^text\/plain; version=0\.0\.4/);
  parseMetrics(before.text);

  for (let i = 0; i < 3; ++i) await ask(service, { message: 'show me wireless headphones', audience: 'shopper' });
  await ask(service, { message: 'what should I charge for AUD-1001?', audience: 'seller' });
  await streamed(service, { message: 'what should I charge for AUD-1001?', audience: 'seller' });
  await ask(service, { message: '' });

  const { types, samples } = parseMetrics((await get(service, '/metrics')).text);
  assert.equal(samples.get('flipsync_turns_total{agent="concierge",status="ok"}'), 3);
  assert.equal(samples.get('flipsync_turns_total{agent="pricing",status="ok"}'), 2);
  assert.equal(samples.get('flipsync_turns_refused_total{code="invalid_request"}'), 1);
  assert.equal(samples.get('flipsync_provider_attempts_total{provider="offline",outcome="ok"}')
    ?? samples.get('flipsync_provider_attempts_total{outcome="ok",provider="offline"}'), 5);
  assert.equal(samples.get('flipsync_turns_in_flight'), 0);
  assert.equal(types.get('flipsync_turn_duration_seconds'), 'histogram');
  assert.equal(samples.get('flipsync_turn_duration_seconds_count{agent="concierge"}'), 3);
  const buckets = [...samples].filter(([name]) => name.startsWith('flipsync_turn_duration_seconds_bucket{agent="concierge"'));
  const counts = buckets.map(([, count]) => count);
  assert.deepEqual(counts, counts.toSorted((a, b) => a - b), 'buckets are cumulative');
  assert.equal(counts.at(-1), 3);
  assert.ok([...samples.keys()].some((name) => name.startsWith('flipsync_http_')), 'the door counts too');
});

test('live, ready and healthy', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  assert.equal(service.saidPid, service.pid, 'the ready line names the process');
  assert.deepEqual((await get(service, '/livez')).json, { status: 'alive' });
  assert.deepEqual((await get(service, '/readyz')).json, { status: 'ready' });
  const { status, json } = await get(service, '/health');
  assert.equal(status, 200);
  assert.equal(json.status, 'ok');
  assert.equal(json.ready, true);
  assert.equal(json.draining, false);
  assert.equal(json.turns_in_flight, 0);
  assert.match(json.version, /^\d+\.\d+\.\d+/);
  assert.ok(json.uptime_seconds >= 0 && json.uptime_seconds < 60);
  assert.ok(json.features.includes('streaming'));
  for (const name of ['store', 'provider:offline'])
    assert.equal(json.services.find((one) => one.name === name)?.status, 'up', name);
});

test('the roster has ten agents, each with what a client needs to know', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  const { json } = await get(service, '/api/v1/agents');
  assert.deepEqual(json.agents.map(({ name }) => name), [
    'executive', 'market', 'competitor', 'pricing', 'content', 'listing', 'inventory', 'logistics',
    'marketplace', 'concierge',
  ]);
  for (const agent of json.agents) {
    assert.ok(agent.title);
    assert.equal(agent.audience, agent.name === 'concierge' ? 'shopper' : 'seller');
    assert.equal(agent.state, 'up');
    assert.ok(agent.skills.length > 0);
    for (const count of ['in_flight', 'turns', 'failures', 'restarts']) assert.equal(agent[count], 0);
  }
  const one = await get(service, '/api/v1/agents/auto_pricing');
  assert.equal(one.json.name, 'pricing');
  await ask(service, { message: 'AUD-1001', agent: 'pricing' });
  assert.equal((await get(service, '/api/v1/agents/pricing')).json.turns, 1);
});

test('every GET route answers HEAD with its headers and no body', async (t) => {
  const service = await serve(t, { data: await shop(t) });
  for (const target of ['/', '/livez', '/readyz', '/health', '/metrics', '/api/v1/agents', '/api/v1/agents/pricing']) {
    const reply = await request(service, 'HEAD', target);
    assert.equal(reply.status, 200, target);
    assert.equal(reply.text, '', target);
  }
});

test('no route that looks calls a provider', async (t) => {
  const service = await serve(t, { data: await shop(t), env: ollamaAt(await deadAddress()) });
  for (const target of ['/livez', '/readyz', '/health', '/api/v1/agents'])
    assert.equal((await get(service, target)).status, 200, target);
  const { samples } = parseMetrics((await get(service, '/metrics')).text);
  assert.ok(![...samples.keys()].some((name) => /^flipsync_provider_attempts(_total)?\{/.test(name)));
});

test('the service is ready within a second, and small', async (t) => {
  const data = await shop(t);
  const began = performance.now();
  const service = await serve(t, { data });
  const took = performance.now() - began;
  t.diagnostic(`ready after ${took.toFixed(0)} ms`);
  assert.ok(took < 1000, `${took} ms`);
  const kib = Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${service.pid}/status`, 'utf8'))[1]);
  t.diagnostic(`resident ${(kib / 1024).toFixed(1)} MiB`);
  assert.ok(kib < 64 * 1024, `${kib} KiB`);
});

test('cores are kept awake where the kernel may be asked to, and where it may not the start says so', async (t) => {
  const data = await shop(t);
  const args = ['--set', 'server.keep_cores_awake=20ms'];
  let may = true;
  try {
    closeSync(openSync('/dev/cpu_dma_latency', constants.O_WRONLY));
  } catch {
    may = false;
  }
  const found = JSON.parse((await run(['doctor', '--json', '--data', data, '--set', 'server.listen=127.0.0.1:0', ...args])).stdout)
    .findings.find((each) => each.check === 'cores');
  assert.equal(found.state, may ? 'ok' : 'problem');
  if (may) {
    const service = await serve(t, { data, args });
    assert.equal((await ask(service, { message: 'show me wireless headphones', audience: 'shopper' })).status, 200);
    service.child.kill('SIGTERM');
    assert.deepEqual(await service.exited, { code: 0, signal: null });
  } else {
    const refused = await run(['serve', '--listen', '127.0.0.1:0', '--data', data, ...args]);
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, /cpu_dma_latency: .*server\.keep_cores_awake/);
  }
});
