/// One turn as its events tell it. Pure: no page, no network, no clock of its own.

/// The phases a turn ends in: done, failed, stopped (by the user), lost (the connection broke and the
/// turn could not be taken up again).
export function newTurn({ message, audience, agent = '' }) {
  return {
    message,
    audience,
    asked: agent,
    phase: 'sending',
    id: '',
    conversation: '',
    seq: 0,
    began: 0, // the service's clock, ms
    agent: '',
    route: null,
    text: '',
    restarted: '',
    progress: null,
    parts: [],
    reply: null,
    error: null,
  };
}

export const isRunning = (turn) => turn.phase === 'sending' || turn.phase === 'running';

function partOf(turn, name, at) {
  let part = turn.parts.find((p) => p.name === name);
  if (!part) {
    part = { name, start: at, end: null, report: null };
    turn.parts.push(part);
  }
  return part;
}

const handlers = {
  turn_started(turn, event) {
    turn.phase = 'running';
    turn.began = Date.parse(event.at);
    turn.conversation = event.conversation_id;
  },
  routed(turn, event) {
    turn.agent = event.agent;
    turn.route = event.route;
  },
  part_started(turn, event, at) {
    partOf(turn, event.part.name, at);
  },
  progress(turn, event) {
    turn.progress = { waitingFor: event.waiting_for, elapsed: event.elapsed_ms, typical: event.typical_ms };
  },
  token(turn, event) {
    turn.text += event.text;
    turn.progress = null;
  },
  part_finished(turn, event, at) {
    const part = partOf(turn, event.part.name, Math.max(0, at - event.part.ms));
    part.report = event.part;
    // `at` has whole milliseconds, `ms` has more: the part's own measure gives the bar its length.
    part.end = part.start + event.part.ms;
  },
  restarted(turn, event) {
    turn.text = '';
    turn.restarted = event.reason || 'The answer was begun anew';
  },
  completed: end,
  failed: end,
};

function end(turn, event) {
  turn.progress = null;
  turn.reply = event.reply ?? null;
  turn.error = event.reply?.error ?? (event.type === 'failed' ? { code: 'internal', message: 'The turn failed' } : null);
  turn.phase = event.type === 'completed' ? 'done' : turn.error.code === 'cancelled' ? 'stopped' : 'failed';
  if (!turn.reply) return;
  turn.conversation = turn.reply.conversation_id || turn.conversation;
  turn.agent = turn.reply.agent || turn.agent;
  turn.route = turn.route ?? turn.reply.route;
  if (turn.phase === 'done') turn.text = turn.reply.message;
  for (const report of turn.reply.parts ?? []) {
    const part = partOf(turn, report.name, 0);
    part.report = report;
    part.end ??= part.start + report.ms;
    settle(part, turn.reply.timings?.total);
  }
}

/// The events' clock has whole milliseconds, the total has more: no part ended after its turn.
function settle(part, total) {
  const late = Math.min(part.start, part.end - (total || part.end));
  if (late <= 0) return;
  part.start -= late;
  part.end -= late;
}

/// Applies one event; false if it was there already or the turn has ended, so that a resumed stream
/// doubles nothing. A gap is for the transport to close before it hands events on.
export function apply(turn, event) {
  if (!isRunning(turn) || event.seq <= turn.seq) return false;
  turn.seq = event.seq;
  turn.id = event.turn || turn.id;
  const at = turn.began ? Math.max(0, Date.parse(event.at) - turn.began) : 0;
  handlers[event.type]?.(turn, event, at);
  return true;
}

/// Ends a turn that gets no more events.
export function breakOff(turn, phase, error) {
  if (!isRunning(turn)) return;
  turn.phase = phase;
  turn.error = error;
  turn.progress = null;
}

/// The axis of the turn's timeline in ms: to the end of what is known.
export function spanOf(turn, elapsed = 0) {
  const ends = turn.parts.map((part) => part.end ?? part.start);
  return Math.max(0.001, turn.reply?.timings?.total ?? 0, isRunning(turn) ? elapsed : 0, ...ends);
}
