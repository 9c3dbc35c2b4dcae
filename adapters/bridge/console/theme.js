// Runs before the page is painted, so that a remembered theme does not flash. The system's own choice
// needs no attribute: the style sheet follows prefers-color-scheme.
'use strict';
(() => {
  let kept = null;
  try {
    kept = localStorage.getItem('flipsync.theme');
  } catch {
    // A browser that keeps nothing follows the system.
  }
  if (kept === 'light' || kept === 'dark') document.documentElement.dataset.theme = kept;
})();
