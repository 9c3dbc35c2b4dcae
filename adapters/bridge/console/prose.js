/// The text of an answer: paragraphs, line breaks, lists, and **bold** or `code` within a line. There are
/// no links, images or raw markup, since a model's text is not to be trusted.

import { el } from './dom.js';

const bullet = /^\s*[-*•]\s+/;
const number = /^\s*\d{1,3}[.)]\s+/;

/// Blocks in order: {kind: 'p', lines} or {kind: 'ul' or 'ol', items, start}.
export function blocksOf(text) {
  const blocks = [];
  let last = null;
  for (const line of text.split('\n')) {
    const kind = bullet.test(line) ? 'ul' : number.test(line) ? 'ol' : 'p';
    if (line.trim() === '') {
      last = null;
    } else if (kind === 'p') {
      if (last?.kind !== 'p') blocks.push((last = { kind, lines: [] }));
      last.lines.push(line);
    } else {
      if (last?.kind !== kind) blocks.push((last = { kind, items: [], start: parseInt(line, 10) || 1 }));
      last.items.push(line.replace(kind === 'ul' ? bullet : number, ''));
    }
  }
  return blocks;
}

function inline(line) {
  return line.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((piece) => {
    if (/^\*\*[^*]+\*\*$/.test(piece)) return el('strong', {}, piece.slice(2, -2));
    if (/^`[^`]+`$/.test(piece)) return el('code', {}, piece.slice(1, -1));
    return piece;
  });
}

function paragraph(lines) {
  const made = el('p');
  lines.forEach((line, i) => made.append(...(i ? [el('br')] : []), ...inline(line)));
  return made;
}

export function prose(text) {
  return blocksOf(text).map((block) =>
    block.kind === 'p'
      ? paragraph(block.lines)
      : el(block.kind, block.kind === 'ol' && block.start !== 1 ? { start: block.start } : {},
          ...block.items.map((item) => el('li', {}, ...inline(item)))));
}

/// Brings `parent` to show `text`. Only the blocks that differ are made anew, so a growing answer keeps
/// the reader's selection in what stands already.
export function showProse(parent, text) {
  const wanted = prose(text);
  wanted.forEach((block, i) => {
    const there = parent.children[i];
    if (!there) parent.append(block);
    else if (!there.isEqualNode(block)) there.replaceWith(block);
  });
  while (parent.children.length > wanted.length) parent.lastElementChild.remove();
}
