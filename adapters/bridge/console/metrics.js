/// What the charts show of GET /api/v1/metrics; undefined where nothing was measured.

/// Answers over which the hit rate is taken: the last minute, at one every two seconds.
const window = 30;
const seen = [];

function sums(caches = []) {
  let hits = 0;
  let asked = 0;
  for (const cache of caches) {
    hits += cache.hits;
    asked += cache.hits + cache.misses;
  }
  return { hits, asked };
}

/// The share of hits among what the caches were asked within the last minute.
function recentHitRate(caches) {
  const now = sums(caches);
  // Counts that fell are those of a service that was started anew.
  if (seen.length && now.asked < seen.at(-1).asked) seen.length = 0;
  seen.push(now);
  if (seen.length > window) seen.shift();
  const before = seen.length > 1 ? seen[0] : { hits: 0, asked: 0 };
  const asked = now.asked - before.asked;
  return asked > 0 ? (now.hits - before.hits) / asked : undefined;
}

const measured = (value) => (value > 0 ? value : undefined);

export function readMetrics({ http = {}, turns = {}, caches, process = {} }) {
  return {
    p50: measured(turns.latency_ms?.p50),
    p95: measured(turns.latency_ms?.p95),
    hitRate: recentHitRate(caches),
    requestRate: http.requests_per_second,
    errorRate: http.error_rate,
    sockets: http.open_sockets,
    memory: process.memory_bytes,
  };
}
