/// The message field, its buttons and its keys.

import { byId } from './dom.js';

/// The field grows with its text up to here, px.
const tallest = 200;

export class Composer {
  constructor({ send, stop, recall }) {
    this.field = byId('message');
    this.sendButton = byId('send');
    this.stopButton = byId('stop');
    this.actions = { send, stop, recall };
    byId('composer').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.field.addEventListener('input', () => this.#fit());
    this.field.addEventListener('keydown', (event) => this.#onKey(event));
    this.stopButton.addEventListener('click', () => stop());
    document.addEventListener('keydown', (event) => this.#onPageKey(event));
    this.#fit();
  }

  set busy(busy) {
    const hadFocus = document.activeElement === this.sendButton || document.activeElement === this.stopButton;
    this.isBusy = busy;
    this.sendButton.hidden = busy;
    this.stopButton.hidden = !busy;
    // The button under the focus is gone; the field is where one goes on.
    if (hadFocus) this.field.focus();
  }

  focus() {
    this.field.focus();
  }

  fill(text) {
    this.field.value = text;
    this.#fit();
  }

  #submit() {
    const message = this.field.value.trim();
    if (!message || this.isBusy) return;
    this.fill('');
    this.actions.send(message);
  }

  #onKey(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === 'ArrowUp' && this.field.value === '') {
      event.preventDefault();
      this.fill(this.actions.recall());
    }
  }

  #onPageKey(event) {
    if (document.querySelector('dialog[open]')) return;
    if (event.key === 'Escape' && this.isBusy) this.actions.stop();
    const typing = event.target.closest?.('input, textarea, select');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.field.focus();
    }
  }

  #fit() {
    this.field.style.height = 'auto';
    this.field.style.height = `${Math.min(tallest, this.field.scrollHeight)}px`;
    this.sendButton.disabled = this.field.value.trim() === '';
  }
}
