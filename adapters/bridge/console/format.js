/// Numbers, times and money as people read them.

export function ms(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (value === 0) return '0 ms';
  if (value < 0.1) return '< 0.1 ms';
  if (value < 10) return `${value.toFixed(1)} ms`;
  if (value < 1000) return `${Math.round(value)} ms`;
  if (value < 10_000) return `${(value / 1000).toFixed(1)} s`;
  // Rounded before it is divided: there is no minute of 60 s.
  const seconds = Math.round(value / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export const money = (value) => `$${Number(value).toFixed(2)}`;

export function cost(value) {
  if (!value) return '$0';
  if (value >= 1) return money(value);
  // Three digits that count: a turn costs a fraction of a cent, and some models of that.
  const digits = Math.min(9, 2 - Math.floor(Math.log10(value)));
  return `$${value.toFixed(digits).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
}

export const percent = (share) => (Number.isFinite(share) ? `${Math.round(share * 100)} %` : '–');

export function count(value) {
  if (!Number.isFinite(value)) return '–';
  return value < 10_000 ? String(Math.round(value)) : `${(value / 1000).toFixed(1)}k`;
}

export function bytes(value) {
  if (!Number.isFinite(value)) return '–';
  if (value < 1e3) return `${value} B`;
  if (value < 1e6) return `${Math.round(value / 1e3)} kB`;
  return value < 1e9 ? `${Math.round(value / 1e6)} MB` : `${(value / 1e9).toFixed(1)} GB`;
}

export function rate(perSecond) {
  if (!Number.isFinite(perSecond)) return '–';
  if (perSecond > 0 && perSecond < 0.1) return '< 0.1/s';
  return `${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)}/s`;
}

export function duration(seconds) {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`;
}

/// A moment of today by its clock, an older one with its date.
export function moment(date) {
  const clock = { hour: '2-digit', minute: '2-digit' };
  const today = date.toDateString() === new Date().toDateString();
  return date.toLocaleString([], today ? clock : { month: 'short', day: 'numeric', ...clock });
}

/// part_names and agent names as words: "quick_replies" is "Quick replies".
export function words(name) {
  const text = String(name).replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
