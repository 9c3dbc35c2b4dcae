/// How models and providers fared since the service started, from /metrics. Pure.

import { boundOf, readSamples } from './prometheus.js';

const duration = 'gen_ai_client_operation_duration_seconds';
const firstToken = 'gen_ai_server_time_to_first_token_seconds';
const prefixes = [duration, firstToken, 'flipsync_provider_failures_total', 'flipsync_provider_retries_total'];

const nameOf = ({ labels }) => [labels.gen_ai_provider_name, labels.gen_ai_request_model];
const sum = (samples) => samples.reduce((all, { value }) => all + value, 0);

/// A histogram of seconds as {count, mean, within95} in ms; mean and bound are undefined where nothing was observed.
function timesOf(samples, histogram, fits) {
  const of = (suffix) => (samples[`${histogram}_${suffix}`] ?? []).filter(fits);
  const count = sum(of('count'));
  const bound = boundOf(of('bucket'), 0.95);
  return {
    count,
    mean: count > 0 ? (sum(of('sum')) / count) * 1000 : undefined,
    within95: bound === undefined ? undefined : bound * 1000,
  };
}

/// {models: [{provider, model, calls, failed, failures: {kind: times}, firstToken, total}],
/// providers: {name: {failures: {kind: times}, retries}}}. `total` is that of the calls which were answered.
export function readFigures(text) {
  const samples = readSamples(text, prefixes);
  const counts = samples[`${duration}_count`] ?? [];
  const models = new Map();
  for (const each of counts) {
    const [provider, model] = nameOf(each);
    const key = JSON.stringify([provider, model]);
    if (!models.has(key)) models.set(key, { provider, model, calls: 0, failed: 0, failures: {} });
    const found = models.get(key);
    const kind = each.labels.error_type;
    found.calls += each.value;
    if (!kind || !each.value) continue;
    found.failed += each.value;
    found.failures[kind] = each.value;
  }
  for (const found of models.values()) {
    const same = (each) => each.labels.gen_ai_provider_name === found.provider && each.labels.gen_ai_request_model === found.model;
    found.total = timesOf(samples, duration, (each) => same(each) && !each.labels.error_type);
    found.firstToken = timesOf(samples, firstToken, same);
  }
  const providers = {};
  const providerOf = (name) => (providers[name] ??= { failures: {}, retries: 0 });
  for (const { labels, value } of samples.flipsync_provider_failures_total ?? [])
    if (value) providerOf(labels.provider).failures[labels.fault] = value;
  for (const { labels, value } of samples.flipsync_provider_retries_total ?? []) providerOf(labels.provider).retries = value;
  return { models: [...models.values()].filter(({ calls }) => calls > 0).sort((a, b) => b.calls - a.calls), providers };
}
