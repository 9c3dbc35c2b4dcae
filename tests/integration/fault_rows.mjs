// The rows of the table "conduct under fault" (docs/providers.md): what the provider does, what the
// caller gets, and what the provider may see of us. `conduct.test.mjs` runs every row for every
// vendor, streamed and whole; the table in the documentation is made from this list.

/// Answers as a sound provider does.
export function sound(vendor, request, response, text = 'From the first.') {
  if (!vendor.streamed(request)) return json(response, vendor.whole(text));
  head(vendor, response);
  const words = text.split(/(?<= )/);
  response.end(vendor.open + words.map(vendor.token).join('') + vendor.finish + vendor.sentinel);
}

const healthy = (vendor, request, response) => sound(vendor, request, response);

function head(vendor, response, headers = {}) {
  response.writeHead(200, { 'content-type': vendor.streamType, ...headers });
}

function json(response, body, status = 200, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/// A fault for the first `times` requests of a row, then sound.
const first = (times, fault) => (vendor, request, response, number) =>
  number <= times ? fault(vendor, request, response) : sound(vendor, request, response);

const status = (code, headers = {}) => (vendor, request, response) =>
  json(response, vendor.error('busy', code), code, headers);

/// The beginning of a sound answer: two tokens, or half of the body.
function begin(vendor, request, response) {
  if (vendor.streamed(request)) {
    head(vendor, response);
    response.write(vendor.open + vendor.token('Half ') + vendor.token('of '));
  } else {
    const body = JSON.stringify(vendor.whole('Half of it.'));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.write(body.slice(0, body.length / 2));
  }
}

function endless(response, piece) {
  const more = () => {
    while (!response.destroyed && response.write(piece));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}

/// The keys of a service that has two.
export const twoKeys = ['key-test-one-0123456789', 'key-test-two-0123456789'];

/// The key that a request shows.
export const keyOf = ({ headers }) =>
  (headers.authorization ?? headers['x-api-key'] ?? headers['x-goog-api-key'] ?? '').replace('Bearer ', '');

/// A fault for the first of two keys.
const firstKey = (fault) => (vendor, request, response) =>
  (keyOf(request) === twoKeys[0] ? fault : healthy)(vendor, request, response);

const onlyStreams = { whole: 'a whole answer has no such thing' };

/// `answer`: who answers: the same provider, the fallback, or nobody (`refused`: the code).
/// `requests`: what the first provider sees. `apart`: least time between two of them, ms.
/// `restarted`: a stream's tokens were void once. `closed`: we close its socket. `attempts`: at it,
/// where it can see none. `kept`: a request over a kept connection is sent once more by the HTTP
/// client where that turns out to be dead, within one attempt. `service`: which one plays (see conduct.test.mjs), `main` where none is
/// named. `keyState`: what becomes of the first of two keys, while the other one answers. `without`: the forms and vendors for which the row cannot exist, with the reason.
export const rows = [
  { id: 'ok', fault: 'none', conduct: 'one request', does: healthy, answer: 'same', requests: 1 },
  { id: '429_ms', fault: '429, `retry-after-ms`', conduct: 'waited exactly, then asked again', does: first(1, status(429, { 'retry-after-ms': '40' })),
    answer: 'same', requests: 2, apart: 40, setting: '`models.fallback_patience`' },
  { id: '429_seconds', fault: '429, `retry-after` in seconds, no fallback', conduct: 'waited exactly, then asked again', does: first(1, status(429, { 'retry-after': '1' })),
    answer: 'same', requests: 2, apart: 1000, service: 'alone' },
  { id: '429_date', fault: '429, `retry-after` as a date, no fallback', conduct: 'waited exactly, then asked again',
    does: first(1, (vendor, request, response) => status(429, {
      date: new Date(1767225600000).toUTCString(), 'retry-after': new Date(1767225601000).toUTCString() })(vendor, request, response)),
    answer: 'same', requests: 2, apart: 1000, service: 'alone' },
  { id: '429_vendor', fault: '429 with the vendor\'s own header or body', conduct: 'waited exactly, then asked again',
    does: first(1, (vendor, request, response) => json(response, vendor.resetBody ?? vendor.error('busy', 429), 429, vendor.resetHeader)),
    answer: 'same', requests: 2, apart: 40,
    without: { ollama: 'it has none', anthropic: 'it sends `retry-after`' } },
  { id: '429_long', fault: '429, a wait beyond the deadline', conduct: 'falls over at once', does: status(429, { 'retry-after': '60' }),
    answer: 'fallback', requests: 1, service: 'own' },
  { id: '429_fallback', fault: '429, a long wait that would fit', conduct: 'falls over at once: the fallback can run already', does: status(429, { 'retry-after': '2' }),
    answer: 'fallback', requests: 1, setting: '`models.fallback_patience`', service: 'own' },
  { id: '429_bare', fault: '429 without a time, persistent', conduct: 'jittered backoff, 3 attempts, falls over', does: status(429),
    answer: 'fallback', requests: 3, setting: '`models.rate_limit_retry_base`, `models.retry_attempts`' },
  ...[500, 502, 503, 529].map((code) => (
    { id: `${code}_once`, fault: `${code} once`, conduct: 'asked again', does: first(1, status(code)), answer: 'same', requests: 2,
      setting: '`models.retry_base`' })),
  { id: '503_stays', fault: '503, persistent', conduct: '3 attempts, falls over', does: status(503), answer: 'fallback', requests: 3,
    setting: '`models.retry_attempts`' },
  { id: 'refused', fault: 'connection refused', conduct: 'tried twice, falls over', does: healthy, answer: 'fallback', requests: 0, attempts: 2, service: 'dead' },
  { id: 'tls', fault: 'TLS that fails', conduct: 'tried twice, falls over', does: healthy, answer: 'fallback', requests: 0, attempts: 2, service: 'tls' },
  { id: 'reset', fault: 'reset before the headers', conduct: 'tried twice, falls over', does: (vendor, request, response) => response.socket.resetAndDestroy(),
    answer: 'fallback', requests: 2, kept: true },
  { id: 'silent', fault: 'accepts and never answers', conduct: 'first-byte limit, falls over, not tried again in the turn', does: () => {},
    answer: 'fallback', requests: 1, closed: true, setting: '`….first_byte_timeout`' },
  { id: 'late_token', fault: 'headers at once, the first token late', conduct: 'first-token limit, falls over',
    does: (vendor, request, response) => { head(vendor, response); response.flushHeaders(); },
    answer: 'fallback', requests: 1, closed: true, setting: '`….first_token_timeout`', without: onlyStreams },
  { id: 'cut', fault: 'cut within the answer', conduct: 'never a truncated success: told again by the fallback',
    does: (vendor, request, response) => { begin(vendor, request, response); setImmediate(() => response.socket.destroy()); },
    answer: 'fallback', requests: 1, restarted: true },
  { id: 'stalled', fault: 'falls silent within the answer', conduct: 'idle limit, then as a cut', does: begin,
    answer: 'fallback', requests: 1, restarted: true, closed: true, setting: '`….idle_timeout`' },
  { id: 'no_end', fault: 'ends with neither end mark nor finish reason', conduct: 'a cut',
    does: (vendor, request, response) => { begin(vendor, request, response); response.end(); },
    answer: 'fallback', requests: 1, restarted: true, without: onlyStreams },
  { id: 'no_mark', fault: 'a finish reason without the end mark', conduct: 'complete, at once',
    does: (vendor, request, response) => { head(vendor, response); response.end(vendor.open + vendor.token('From ') + vendor.token('the first.') + vendor.finish); },
    answer: 'same', requests: 1, without: { ...onlyStreams, ollama: 'they are one line' } },
  { id: 'broken_chunk', fault: 'a malformed chunk in a sound stream', conduct: 'passed over; the connection is not used again',
    does: (vendor, request, response) => { head(vendor, response); response.end(vendor.open + vendor.token('From ') + vendor.broken + vendor.token('the first.') + vendor.finish + vendor.sentinel); },
    answer: 'same', requests: 1, closed: true, without: onlyStreams },
  { id: 'too_long', fault: '400: the prompt is too long', conduct: 'the provider\'s reason; no retry, no fallback', does: (vendor, request, response) => json(response, vendor.tooLong.body, vendor.tooLong.status),
    refused: 'context_too_long', requests: 1 },
  { id: 'long_model', fault: 'the same, with a larger model configured', conduct: 'the larger model answers',
    does: (vendor, request, response) => vendor.model(request) === 'roomy' ? sound(vendor, request, response) : json(response, vendor.tooLong.body, vendor.tooLong.status),
    answer: 'same', requests: 2, setting: '`….model_long`', service: 'alone' },
  { id: 'filtered', fault: 'content filter', conduct: 'the provider\'s reason; no retry, no fallback',
    does: (vendor, request, response) => {
      if (!vendor.streamed(request)) return json(response, vendor.filtered.whole.body, vendor.filtered.whole.status);
      head(vendor, response);
      response.end(vendor.open + vendor.filtered.stream);
    },
    refused: 'content_filtered', requests: 1, without: { ollama: 'it has no filter' } },
  ...[401, 403].map((code) => (
    { id: `${code}`, fault: `${code}`, conduct: 'the key is ejected and reported; the fallback answers', does: status(code),
      answer: 'fallback', requests: 1, keyIsOut: true, setting: '`models.key_ejection`', service: 'own' })),
  { id: '401_one_key', fault: '401 for one of two keys', conduct: 'that key is ejected and reported; the next one answers at once',
    does: firstKey(status(401)), answer: 'same', requests: 2, keyState: 'refused', service: 'two', setting: '`….api_key`', without: { ollama: 'it has no key' } },
  { id: '429_one_key', fault: '429 with `retry-after` for one of two keys', conduct: 'that key rests so long; the next one answers at once',
    does: firstKey(status(429, { 'retry-after': '60' })), answer: 'same', requests: 2, keyState: 'resting', service: 'two', setting: '`….api_key`', without: { ollama: 'it has no key' } },
  { id: 'gibberish', fault: 'gibberish instead of JSON', conduct: 'falls over',
    does: (vendor, request, response) => {
      response.writeHead(200, { 'content-type': vendor.streamed(request) ? vendor.streamType : 'application/json' });
      response.end('la la la\n\n\u0001\u0002 la\n\n');
    },
    answer: 'fallback', requests: 1 },
  { id: 'html', fault: 'an HTML page with status 200', conduct: 'falls over',
    does: (vendor, request, response) => { response.writeHead(200, { 'content-type': 'text/html' }); response.end('<html><body>Welcome to the hotel</body></html>'); },
    answer: 'fallback', requests: 1 },
  { id: 'wrong_type', fault: 'a wrong content type', conduct: 'falls over',
    does: (vendor, request, response) => { response.writeHead(200, { 'content-type': 'image/png' }); response.end('PNG'); },
    answer: 'fallback', requests: 1 },
  { id: 'empty', fault: 'an empty body', conduct: 'falls over',
    does: (vendor, request, response) => { response.writeHead(200, { 'content-type': vendor.streamed(request) ? vendor.streamType : 'application/json' }); response.end(); },
    answer: 'fallback', requests: 1 },
  { id: 'huge', fault: 'an answer beyond the size limit', conduct: 'cut off at the limit, falls over',
    does: (vendor, request, response) => sound(vendor, request, response, `${'x'.repeat(199)} `.repeat(1000)),
    answer: 'fallback', requests: 1, restarted: true, setting: '`turn.max_reply`' },
  { id: 'endless', fault: 'an endless body or stream', conduct: 'cut off at the limit, falls over',
    does: (vendor, request, response) => {
      if (vendor.streamed(request)) {
        head(vendor, response);
        endless(response, vendor.open + vendor.token('x'.repeat(4096)));
      } else {
        response.writeHead(200, { 'content-type': 'application/json' });
        endless(response, ' '.repeat(65536));
      }
    },
    answer: 'fallback', requests: 1, restarted: true, closed: true, setting: '`turn.max_reply`' },
];

const forms = ['streamed', 'whole'];

/// Why a cell cannot exist; undefined if it can.
export const reasonAgainst = (row, vendor, form) => row.without?.[form] ?? row.without?.[vendor];

/// The table of docs/providers.md.
export function table(names) {
  const cells = (row) => names.map((name) => {
    const reasons = forms.map((form) => reasonAgainst(row, name, form));
    if (reasons.every((reason) => reason === undefined)) return 'streamed, whole';
    const sound_ = forms.filter((form, i) => reasons[i] === undefined);
    const against = [...new Set(reasons.filter(Boolean))].join(', ');
    return sound_.length > 0 ? `${sound_.join(', ')} (${against})` : `none: ${against}`;
  });
  return [
    `| the provider | conduct | setting | ${names.join(' | ')} |`,
    `|---|---|---|${names.map(() => '---').join('|')}|`,
    ...rows.filter(({ id }) => id !== 'ok').map((row) =>
      `| ${row.fault} | ${row.conduct} | ${row.setting ?? ''} | ${cells(row).join(' | ')} |`),
  ].join('\n');
}
