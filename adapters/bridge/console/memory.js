/// What the page remembers: choices for good, the conversation for as long as the tab lives. A browser
/// that stores nothing gets the same page without a memory.

const prefix = 'flipsync.';
/// Turns of the conversation that survive a reload.
const keptTurns = 40;

function read(storage, name) {
  try {
    return JSON.parse(storage().getItem(prefix + name));
  } catch {
    return null;
  }
}

function write(storage, name, value) {
  try {
    if (value === null) storage().removeItem(prefix + name);
    else storage().setItem(prefix + name, JSON.stringify(value));
  } catch {
    // Full or forbidden: the page goes on without.
  }
}

const forGood = () => localStorage;
const forTab = () => sessionStorage;

export const choices = {
  get: (name, otherwise) => read(forGood, name) ?? otherwise,
  set: (name, value) => write(forGood, name, value),
};

export const conversation = {
  get id() {
    return read(forTab, 'conversation');
  },
  get turns() {
    return read(forTab, 'turns') ?? [];
  },
  begin(id) {
    write(forTab, 'conversation', id);
  },
  keep(turns) {
    write(forTab, 'turns', turns.slice(-keptTurns));
  },
  forget() {
    write(forTab, 'conversation', null);
    write(forTab, 'turns', null);
  },
};

export const key = {
  get value() {
    return read(forTab, 'key');
  },
  set(value) {
    write(forTab, 'key', value);
  },
};
