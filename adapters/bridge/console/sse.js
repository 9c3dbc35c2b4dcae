/// One turn over POST /api/v1/chat/stream: the way that works wherever HTTP does.

import { call, Problem } from './api.js';

/// Parses text/event-stream as it comes: feed(text) calls `onData` with each event's data.
export function eventParser(onData) {
  let rest = '';
  return (text) => {
    rest += text;
    for (let end = rest.indexOf('\n\n'); end !== -1; end = rest.indexOf('\n\n')) {
      const data = rest.slice(0, end).split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart());
      rest = rest.slice(end + 2);
      if (data.length) onData(data.join('\n'));
    }
  };
}

/// Runs the turn to its end. `onEvent` gets each event. Throws Problem where the turn was refused or the
/// stream broke off, AbortError where `signal` ended it: leaving is what cancels a turn here.
export async function streamTurn(request, onEvent, signal) {
  const response = await call('POST', '/api/v1/chat/stream', { body: request, signal, accept: 'text/event-stream' });
  let ended = false;
  const feed = eventParser((data) => {
    const event = JSON.parse(data);
    ended ||= event.type === 'completed' || event.type === 'failed';
    onEvent(event);
  });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) feed(piece.value);
  } catch (why) {
    if (why.name === 'AbortError') throw why;
  }
  if (!ended) throw new Problem({ code: 'connection_lost', detail: 'The connection broke before the answer was whole' });
}
