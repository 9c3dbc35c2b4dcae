/// Asks the service for its state again and again, but only while somebody can see the answer.

import { getJson } from './api.js';

/// Between two tries at a route that failed, ms.
const longestPause = 5000;

export class Poll {
  #timer = 0;
  #failures = 0;
  #asking = null;
  #gone = false;

  /// `every` ms; `wanted()` says whether anybody looks; `onData(json)`, `onProblem(problem)`. `read` is
  /// how the route is read.
  constructor(path, every, { wanted, onData, onProblem, read = getJson }) {
    Object.assign(this, { path, every, wanted, onData, onProblem, read });
  }

  /// Asks at once, and goes on. Called whenever the page is shown again or something has changed.
  wake() {
    if (this.#gone || this.#asking) return;
    clearTimeout(this.#timer);
    if (this.wanted()) this.#ask();
  }

  /// A route that was missing or forbidden may be there with another key; what is on its way was asked
  /// with the one before it, and is for nobody any more.
  retry() {
    this.#gone = false;
    this.#failures = 0;
    this.#asking?.abort();
    this.#asking = null;
    this.wake();
  }

  async #ask() {
    const asking = new AbortController();
    this.#asking = asking;
    let data;
    let problem = null;
    try {
      data = await this.read(this.path, { signal: AbortSignal.any([asking.signal, AbortSignal.timeout(10_000)]) });
    } catch (why) {
      problem = why;
    }
    if (this.#asking !== asking) return;
    this.#asking = null;
    this.#failures = problem ? this.#failures + 1 : 0;
    // What this service does not offer is not asked for again.
    this.#gone = Boolean(problem?.missing) || problem?.status === 401 || problem?.status === 403;
    if (problem) this.onProblem(problem);
    else this.onData(data);
    if (this.#gone || !this.wanted()) return;
    const pause = Math.min(longestPause, this.every * 2 ** Math.min(this.#failures, 5));
    this.#timer = setTimeout(() => this.wake(), pause);
  }
}
