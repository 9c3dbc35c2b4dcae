/// A few numbers side by side, each under its name.

import { el, setText } from './dom.js';

/// {element, show(texts)}; `titles` say more of a name.
export function createTiles(names, titles = []) {
  const values = names.map(() => el('dd', {}, '–'));
  const element = el('dl', { class: 'tiles' },
    ...names.map((name, i) => el('div', { title: titles[i] }, el('dt', {}, name), values[i])));
  return { element, show: (texts) => texts.forEach((text, i) => setText(values[i], text)) };
}
