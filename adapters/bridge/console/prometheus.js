/// Reads the text of /metrics (the Prometheus text format, 0.0.4). Pure.

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$/;
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const escapes = { n: '\n', '"': '"', '\\': '\\' };

function labelsOf(text = '') {
  const labels = {};
  for (const [, name, value] of text.matchAll(label)) labels[name] = value.replace(/\\(.)/g, (all, sign) => escapes[sign] ?? all);
  return labels;
}

const numberOf = (text) => (text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text));

/// Samples by name: {name: [{labels, value}]}, of the names that `wanted` begins with; a line that is
/// none is passed over.
export function readSamples(text, wanted) {
  const samples = {};
  for (const each of text.split('\n')) {
    if (!wanted.some((prefix) => each.startsWith(prefix))) continue;
    const found = line.exec(each);
    if (!found) continue;
    const [, name, labels, value] = found;
    (samples[name] ??= []).push({ labels: labelsOf(labels), value: numberOf(value) });
  }
  return samples;
}

/// The upper bound of the bucket that the share of all observations lies within; undefined without
/// observations, or where it is beyond the last bound. `buckets` are the cumulative ones of one histogram.
export function boundOf(buckets, share) {
  const sorted = buckets.map(({ labels, value }) => ({ bound: numberOf(labels.le), value })).sort((a, b) => a.bound - b.bound);
  const all = sorted.at(-1)?.value ?? 0;
  const found = all > 0 ? sorted.find(({ value }) => value >= all * share) : undefined;
  return Number.isFinite(found?.bound) ? found.bound : undefined;
}
