// A WebSocket client over the npm package `ws`, which waits for frames and not for time.

import { once } from 'node:events';
import { createRequire } from 'node:module';

const { WebSocket } = createRequire(new URL('./npm/package.json', import.meta.url))('ws');

export class Socket {
  frames = [];
  #waiting = new Set();

  /// Connected, or the test fails.
  static async open(t, service, path = '/api/v1/ws/connect', options = {}) {
    const socket = new Socket(service, path, options);
    t.after(() => socket.ws.terminate());
    await once(socket.ws, 'open');
    return socket;
  }

  constructor(service, path, options) {
    const { scheme = 'ws', ...rest } = options;
    this.ws = new WebSocket(`${scheme}://127.0.0.1:${service.port}${path}`, rest);
    this.ws.on('error', () => {}); // shows as a close
    this.closed = new Promise((resolve) => {
      this.ws.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
    this.ws.on('message', (data) => {
      this.frames.push(JSON.parse(data));
      for (const look of this.#waiting) look();
    });
  }

  send(frame) {
    this.ws.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  /// The first frame that fits, come or to come; fails where the socket closes before.
  async frame(fits) {
    const found = new Promise((resolve) => {
      const look = () => {
        const frame = this.frames.find(fits);
        if (!frame) return;
        this.#waiting.delete(look);
        resolve(frame);
      };
      this.#waiting.add(look);
      look();
    });
    const gone = this.closed.then(({ code }) => {
      const frame = this.frames.find(fits);
      if (!frame) throw new Error(`closed with ${code} after ${JSON.stringify(this.frames.at(-1))}`);
      return frame;
    });
    return Promise.race([found, gone]);
  }

  type(type) {
    return this.frame((frame) => frame.type === type);
  }

  /// The events of the message that was sent with this id, up to its end.
  async turn(id) {
    await this.frame((frame) => frame.id === id && isLast(frame));
    return this.frames.filter((frame) => frame.id === id && frame.turn !== undefined);
  }
}

export const isLast = (frame) => frame.type === 'completed' || frame.type === 'failed';

/// The text that the tokens make.
export const spoken = (frames) =>
  frames.filter((frame) => frame.type === 'token').map((frame) => frame.text).join('');

/// Fails unless the events are numbered from `first` without a gap.
export function assertNumbered(frames, first = 1) {
  frames.forEach((frame, i) => {
    if (frame.seq !== first + i)
      throw new Error(`event ${frame.seq} where ${first + i} was due: ${frames.map((f) => f.seq)}`);
  });
}
