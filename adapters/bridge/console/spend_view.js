/// The panel of today's spending. Only who may see costs gets it: see `costs` in live.js.

import { el, setAttribute, setText } from './dom.js';
import { cost } from './format.js';
import { savedBy, spendOf } from './spend.js';
import { Table } from './table.js';
import { createTiles } from './tiles.js';

/// A limit as a bar; what is set aside stands behind what is spent.
function createLimit() {
  const name = el('span', { class: 'limit-name' });
  const text = el('span', { class: 'limit-text' });
  const more = el('span', { class: 'limit-more' });
  const spent = el('span', { class: 'limit-spent' });
  const held = el('span', { class: 'limit-held' });
  const bar = el('span', { class: 'limit-bar', role: 'meter', 'aria-valuemin': 0 }, held, spent);
  const element = el('li', { class: 'limit' }, name, text, bar, more);
  const wide = (share) => `${(Math.min(1, share) * 100).toFixed(2)}%`;
  return {
    element,
    show(row) {
      setAttribute(element, 'data-tone', row.tone);
      setText(name, row.name);
      setText(text, row.text);
      setText(more, row.more);
      more.hidden = row.more === '';
      bar.hidden = row.share === undefined;
      if (bar.hidden) return;
      spent.style.width = wide(row.share);
      held.style.width = wide(row.share + row.held);
      setAttribute(bar, 'aria-label', `${row.name}, spent today`);
      setAttribute(bar, 'aria-valuemax', row.limit);
      setAttribute(bar, 'aria-valuenow', Math.min(row.spent, row.limit));
      setAttribute(bar, 'aria-valuetext', [row.text, row.more].filter(Boolean).join(', '));
    },
  };
}

export class SpendView {
  constructor() {
    this.tiles = createTiles(['Cost', 'Wasted', 'Saved'], [
      'of answers, today', 'on attempts without an answer, today', 'by the caches, since the service started']);
    this.limits = el('ul', { class: 'limits', 'aria-label': 'Limits of today' });
    this.rows = [];
    this.models = new Table('Spending by model', ['Model', 'Answers', 'Tokens', 'Cost'], {
      kind: 'by-model', empty: 'No model call has cost anything today.' });
    this.note = el('p', { class: 'panel-note' });
    this.content = [this.tiles.element, this.limits, this.models.element, this.note];
  }

  showBudget(budget) {
    this.spent = spendOf(budget, Date.now());
    const { limits, models, note } = this.spent;
    while (this.rows.length < limits.length) {
      this.rows.push(createLimit());
      this.limits.append(this.rows.at(-1).element);
    }
    for (const { element } of this.rows.splice(limits.length)) element.remove();
    limits.forEach((row, i) => this.rows[i].show(row));
    this.models.show(models);
    setText(this.note, note);
    this.#showTiles();
  }

  showCaches(caches) {
    this.saved = savedBy(caches);
    this.#showTiles();
  }

  #showTiles() {
    this.tiles.show([this.spent?.cost, this.spent?.wasted, this.saved].map((amount) => (amount === undefined ? '–' : cost(amount))));
  }
}
