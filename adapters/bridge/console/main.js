/// Puts the page together.

import { whenKeyIsWanted } from './api.js';
import { Chat } from './chat.js';
import { Composer } from './composer.js';
import { byId, el, setAttribute, setText } from './dom.js';
import { HistoryDialog, readConversation } from './history.js';
import { Live } from './live.js';
import { conversation, key } from './memory.js';
import { Addressee, KeyDialog, setUpTheme, setUpViews } from './settings.js';
import { Transport } from './transport.js';

const examples = {
  shopper: ['Do you have wireless headphones under $70?', 'Show me something for the kitchen', 'What would you recommend as a gift?'],
  seller: ['What should I do today?', 'What is running low?', 'Where do competitors undercut us?'],
};
const invitations = {
  shopper: 'Questions of a shopper go to the concierge. Every answer shows who gave it, why, and how long each part took.',
  seller: 'Questions of a seller go to the agent that knows best. Every answer shows who gave it, why, and how long each part took.',
};

const transport = new Transport({
  changed: () => showWay(),
  onAgents: (agents) => live.mergeAgents(agents),
});
const chat = new Chat(transport, {
  changed: () => showState(),
  speak: (text) => setText(byId('spoken'), text.slice(0, 1000)),
});
const composer = new Composer({
  send: (message) => send(message),
  stop: () => chat.stop(),
  recall: () => chat.lastMessage,
});
const addressee = new Addressee(() => showState());
const keyDialog = new KeyDialog(() => {
  live.retry();
  if (admitted) transport.renew();
});
new HistoryDialog((picked) => openConversation(picked));
const live = new Live({
  pushed: () => transport.live,
  answered: (problem) => admit(problem),
  reached: (problem, report) => showLink(problem, report),
  agentsChanged: (roster) => addressee.showAgents(roster),
});

/// The socket waits for the first answer that is no refusal of the key: a browser could not tell why its
/// upgrade was refused.
let admitted = false;

function admit(problem) {
  if (admitted || problem?.status === 401 || problem?.unreachable) return;
  admitted = true;
  transport.wake();
}

function send(message, { audience, asked } = {}) {
  withdrawNotice();
  chat.send({ message, audience: audience ?? addressee.audience, agent: asked ?? addressee.agent });
}

chat.onPick = (text) => {
  if (!chat.busy) send(text);
  composer.focus();
};
chat.onRetry = (turn) => {
  if (!chat.busy) send(turn.message, turn);
  composer.focus();
};

function showState() {
  live.turnChanged();
  composer.busy = chat.busy;
  byId('empty').hidden = !chat.isEmpty;
  byId('new-button').disabled = chat.isEmpty;
  setText(byId('empty-text'), invitations[addressee.audience]);
  byId('examples').replaceChildren(...examples[addressee.audience].map((text) =>
    el('li', {}, el('button', { type: 'button', class: 'reply', on: { click: () => chat.onPick(text) } }, text))));
}

/// A conversation from the list, or the tab's own where the browser has not kept its turns. One that a
/// shopper began may have a seller's turns: nobody is made a shopper by it.
async function openConversation({ id, audience }) {
  try {
    const who = audience === 'seller' ? audience : addressee.audience;
    chat.show(id, await readConversation(id, who));
    addressee.choose(who);
    withdrawNotice();
  } catch (problem) {
    // Of the tab's own one nothing was stored: its first answer was left in its middle, or it was deleted.
    if (problem.status === 404 && id === conversation.id && chat.isEmpty) conversation.forget();
    else showNotice(`The conversation could not be opened: ${problem.message}`);
  }
  composer.focus();
}

function showNotice(text) {
  byId('banner').hidden = text === '';
  setText(byId('banner'), text);
}

let unreachable = false;

/// Whoever goes on has read it; that the service cannot be reached stays until it can.
function withdrawNotice() {
  if (!unreachable) showNotice('');
}

/// How answers come: small print beside the state.
function showWay() {
  setText(byId('way'), transport.live ? 'WebSocket' : transport.reconnecting ? 'Reconnecting' : 'HTTP');
  live.wake();
}

function showLink(problem, report) {
  // It is there again: no need to wait for the socket's own next try.
  const wasUnreachable = unreachable;
  unreachable = Boolean(problem?.unreachable);
  if (wasUnreachable && !problem && admitted) transport.wake();
  const [state, text] = problem?.unreachable ? ['bad', 'Unreachable']
    : problem ? ['bad', problem.status === 503 ? 'Down' : 'Refuses']
    : report.draining ? ['warn', 'Shutting down']
    : !report.ready ? ['warn', 'Starting']
    : report.status === 'ok' ? ['good', 'Ready'] : ['warn', 'Degraded'];
  setAttribute(byId('link-state'), 'data-state', state);
  setAttribute(byId('live'), 'data-stale', unreachable);
  setText(byId('link-text'), text);
  if (unreachable !== wasUnreachable) showNotice(unreachable ? 'The service cannot be reached. Trying again by itself…' : '');
}

byId('new-button').addEventListener('click', () => {
  chat.forget();
  withdrawNotice();
  composer.focus();
});
whenKeyIsWanted((problem) => keyDialog.open(key.value ? problem.message : ''));
window.addEventListener('online', () => {
  live.wake();
  if (admitted) transport.wake();
});

showWay();
setUpTheme();
setUpViews(() => live.wake());
chat.restore();
showState();
if (conversation.id && chat.isEmpty) openConversation({ id: conversation.id, audience: 'any' });
live.wake();
composer.focus();
