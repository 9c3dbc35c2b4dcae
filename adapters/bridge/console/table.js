/// A table whose rows are kept by name, so that an update moves nothing and keeps the focus.

import { el, setAttribute, setText } from './dom.js';
import { words } from './format.js';

export class Table {
  #rows = new Map();

  /// `kind` names its widths in the style sheet. `empty` is what it says without rows.
  constructor(label, columns, { kind = '', empty = 'None.' } = {}) {
    this.empty = empty;
    this.body = el('tbody');
    this.note = el('p', { class: 'panel-note' }, 'Loading…');
    this.table = el('table', { 'aria-label': label, class: kind || null, hidden: true },
      el('thead', {}, el('tr', {}, ...columns.map((column, i) => el('th', { scope: 'col', class: i ? 'number' : null }, column)))), this.body);
    this.element = el('div', {}, this.table, this.note);
  }

  /// `rows`: [{name, label, title, state, tone, cells, detail}]; those no longer named go.
  show(rows) {
    for (const row of rows) this.#show(row);
    for (const [name, kept] of this.#rows) {
      if (rows.some((row) => row.name === name)) continue;
      kept.row.remove();
      kept.more.remove();
      this.#rows.delete(name);
    }
    this.table.hidden = rows.length === 0;
    this.say(rows.length === 0 ? this.empty : '');
  }

  say(text) {
    setText(this.note, text);
    this.note.hidden = text === '';
  }

  #show({ name, label, title, state = '', tone, cells, detail = '' }) {
    if (!this.#rows.has(name)) this.#add(name, label ?? words(name), tone !== undefined, cells);
    const kept = this.#rows.get(name);
    setAttribute(kept.row, 'data-tone', tone);
    setAttribute(kept.head, 'title', title);
    setText(kept.state, state);
    cells.forEach((cell, i) => setText(kept.cells[i], cell));
    setText(kept.detail, detail);
    kept.more.hidden = detail === '';
  }

  #add(name, label, toned, values) {
    const state = el('span', { class: 'row-state' });
    const head = el('th', { scope: 'row' },
      toned ? el('span', { class: 'dot', 'aria-hidden': 'true' }) : null, el('span', { class: 'row-name' }, label), ' ', state);
    const cells = values.map(() => el('td', { class: 'number' }));
    const detail = el('td', { colspan: values.length + 1 });
    const kept = { row: el('tr', {}, head, ...cells), more: el('tr', { class: 'row-detail' }, detail), head, state, cells, detail };
    this.#rows.set(name, kept);
    this.body.append(kept.row, kept.more);
  }
}
