/// Earlier conversations, as the service keeps them.

import { getJson } from './api.js';
import { byId, el, setText } from './dom.js';
import { moment, words } from './format.js';
import { newTurn } from './turn.js';

const path = '/api/v1/chat/conversations';
/// The service gives at most so many messages a page.
const pageSize = 200;
/// Conversations that are listed at a time.
const listed = 50;

/// An answer as it is stored: without its events there is no route and no timeline.
function answered(turn, message) {
  turn.phase = 'done';
  turn.id = message.turn;
  turn.agent = message.agent;
  turn.text = message.text;
  turn.reply = { status: 'ok', message: message.text, products: [], quick_replies: [], facts: [], parts: [],
    shown: message.products, at: message.at };
}

/// Questions and answers as turns; an answer belongs to the question before it.
export function turnsOf(id, messages, audience) {
  const turns = [];
  for (const message of messages) {
    if (message.role === 'user') turns.push({ ...newTurn({ message: message.text, audience }), conversation: id });
    else if (turns.length) answered(turns.at(-1), message);
  }
  return turns;
}

/// The newest messages of a conversation, in order: all that the key may see, whoever asked them. What is
/// asked again of them is asked as `audience`. Throws Problem.
export async function readConversation(id, audience) {
  const from = `${path}/${encodeURIComponent(id)}/messages?limit=${pageSize}`;
  let page = await getJson(from);
  let messages = page.messages;
  while (page.next_cursor) {
    page = await getJson(`${from}&cursor=${encodeURIComponent(page.next_cursor)}`);
    messages = [...messages, ...page.messages].slice(-pageSize);
  }
  return turnsOf(id, messages, audience);
}

function entry(conversation, onPick) {
  const { messages } = conversation;
  const who = [words(conversation.agent || 'nobody yet'), conversation.audience === 'any' ? '' : words(conversation.audience)];
  return el('button', { type: 'button', on: { click: () => onPick(conversation) } },
    el('span', {}, who.filter(Boolean).join(' · ')),
    el('small', {}, `${moment(new Date(conversation.last_at))}, ${messages} message${messages === 1 ? '' : 's'}`));
}

/// The dialog with the list; `onPick(conversation)`.
export class HistoryDialog {
  constructor(onPick) {
    this.dialog = byId('conversations-dialog');
    this.list = byId('conversations-list');
    this.onPick = onPick;
    byId('conversations-button').addEventListener('click', () => this.open());
    byId('conversations-close').addEventListener('click', () => this.dialog.close());
  }

  open() {
    const note = el('p', { class: 'panel-note' }, 'Loading…');
    this.list.replaceChildren(note);
    this.dialog.showModal();
    this.#load(note, '');
  }

  /// Puts the page from `cursor` on in the place of `holder`, which says it where there is none.
  async #load(holder, cursor) {
    try {
      const from = cursor && `&cursor=${encodeURIComponent(cursor)}`;
      const { conversations, next_cursor: next } = await getJson(`${path}?limit=${listed}${from}`);
      if (conversations.length === 0 && !cursor) return setText(holder, 'None yet.');
      const entries = conversations.map((each) => entry(each, (picked) => {
        this.dialog.close();
        this.onPick(picked);
      }));
      const hadFocus = document.activeElement === holder;
      holder.replaceWith(...entries, ...(next ? [this.#more(next)] : []));
      if (hadFocus) entries[0]?.focus();
    } catch (problem) {
      setText(holder, problem.missing ? 'This service does not offer them.' : problem.message);
    }
  }

  #more(cursor) {
    const button = el('button', { type: 'button', class: 'more', on: { click: () => this.#load(button, cursor) } }, 'More');
    return button;
  }
}
