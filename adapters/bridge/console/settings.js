/// The choices in the bars: theme, audience, agent, view, API key.

import { byId, el, setAttribute, setText } from './dom.js';
import { words } from './format.js';
import { choices, key } from './memory.js';

const themes = { system: ['◐', 'Theme: as the system'], light: ['☀', 'Theme: light'], dark: ['☾', 'Theme: dark'] };

/// The button goes round: as the system, light, dark.
export function setUpTheme() {
  const order = Object.keys(themes);
  const root = document.documentElement;
  const current = () => root.dataset.theme ?? 'system';
  const show = () => {
    const [sign, text] = themes[current()];
    setText(byId('theme-sign'), sign);
    setText(byId('theme-text'), text);
    byId('theme-button').title = text;
  };
  byId('theme-button').addEventListener('click', () => {
    const next = order[(order.indexOf(current()) + 1) % order.length];
    if (next === 'system') delete root.dataset.theme;
    else root.dataset.theme = next;
    // theme.js reads it before anything is painted, as a bare word.
    try {
      localStorage.setItem('flipsync.theme', next);
    } catch {
      // Not remembered then.
    }
    show();
  });
  show();
}

export function setUpViews(shown) {
  const show = (view) => {
    document.body.dataset.view = view;
    setAttribute(byId('view-chat'), 'aria-pressed', String(view === 'chat'));
    setAttribute(byId('view-live'), 'aria-pressed', String(view === 'live'));
    shown();
  };
  byId('view-chat').addEventListener('click', () => show('chat'));
  byId('view-live').addEventListener('click', () => show('live'));
}

/// Who is asking, and whom. {audience, agent, showAgents(roster)}.
export class Addressee {
  #roster = [];

  constructor(changed) {
    this.select = byId('agent');
    const kept = choices.get('audience', 'shopper');
    for (const radio of document.querySelectorAll('input[name=audience]')) {
      radio.checked = radio.value === kept;
      radio.addEventListener('change', () => {
        choices.set('audience', radio.value);
        this.#fill();
        changed();
      });
    }
    this.select.addEventListener('change', () => choices.set('agent', this.select.value));
  }

  /// Only the marks change: nothing is told to whoever listens.
  choose(audience) {
    for (const radio of document.querySelectorAll('input[name=audience]')) radio.checked = radio.value === audience;
    choices.set('audience', audience);
    this.#fill();
  }

  get audience() {
    return document.querySelector('input[name=audience]:checked').value;
  }

  get agent() {
    return this.select.value;
  }

  showAgents(roster) {
    if (roster.length === this.#roster.length && roster.every((a, i) => a.name === this.#roster[i].name)) return;
    this.#roster = roster;
    this.#fill();
  }

  #fill() {
    const wanted = choices.get('agent', '');
    const fitting = this.#roster.filter((agent) => agent.audience === this.audience);
    this.select.replaceChildren(el('option', { value: '' }, 'Any agent'),
      ...fitting.map((agent) => el('option', { value: agent.name, title: agent.title }, words(agent.name))));
    this.select.value = fitting.some((agent) => agent.name === wanted) ? wanted : '';
  }
}

/// Asks for the API key. `used()` is told when there is another one.
export class KeyDialog {
  constructor(used) {
    this.dialog = byId('key-dialog');
    this.field = byId('key-field');
    byId('key-button').addEventListener('click', () => this.open());
    byId('key-cancel').addEventListener('click', () => this.dialog.close());
    byId('key-forget').addEventListener('click', () => this.#use(null, used));
    byId('key-form').addEventListener('submit', (event) => {
      event.preventDefault();
      const value = this.field.value.trim();
      // A header holds visible ASCII only; anything else is a slip of the clipboard.
      if (!/^[!-~]+$/.test(value)) return setText(byId('key-error'), 'That is no key: it must be printable ASCII without blanks.');
      this.#use(value, used);
    });
    byId('key-button').hidden = !key.value;
  }

  open(why = '') {
    byId('key-button').hidden = false;
    setText(byId('key-error'), why);
    byId('key-forget').hidden = !key.value;
    // Somebody may be typing: further refusals of the same key change nothing.
    if (this.dialog.open) return;
    this.field.value = '';
    this.dialog.showModal();
    this.field.focus();
  }

  #use(value, used) {
    key.set(value);
    this.field.value = '';
    this.dialog.close();
    used();
  }
}
