/// What GET /api/v1/budget and the caches say of money, as the page shows it. Pure.

import { cost, count, duration, percent } from './format.js';

/// Rows of tenants and models shown; who wants all has `flipsync budget`.
const shownRows = 8;
/// Shares of a limit from which it is told by its colour: the last two alerts of the service.
const nearLimit = 0.8;

const toneOf = (share) => (share >= 1 ? 'bad' : share >= nearLimit ? 'warn' : 'good');

/// `ofAll`: its share of the day's spending, where there are others.
function limitRow(line, name, ofAll = '') {
  const limited = line.limit_usd !== null;
  const share = limited ? line.spent_usd / line.limit_usd : undefined;
  return {
    name,
    text: `${cost(line.spent_usd)}${limited ? ` of ${cost(line.limit_usd)}` : ''}${ofAll}`,
    more: [limited ? '' : 'no limit', line.reserved_usd > 0 ? `${cost(line.reserved_usd)} set aside` : ''].filter(Boolean).join(', '),
    spent: line.spent_usd,
    limit: line.limit_usd,
    share,
    held: limited ? line.reserved_usd / line.limit_usd : 0,
    tone: limited ? toneOf(share) : 'none',
  };
}

/// The day's limit, and tenants': the largest spenders where there are many, none where one without a
/// limit of its own would only repeat the day.
function limitsOf(lines) {
  const day = lines.find(({ limit }) => limit === 'day');
  const tenants = lines.filter(({ limit }) => limit === 'tenant').sort((a, b) => b.spent_usd - a.spent_usd);
  const shareOf = (line) =>
    (day?.spent_usd > 0 && tenants.length > 1 ? `, ${percent(line.spent_usd / day.spent_usd)} of all` : '');
  const telling = !day || tenants.length > 1 || tenants.some(({ limit_usd: own }) => own !== null);
  return {
    rows: [
      ...(day ? [limitRow(day, 'All tenants')] : []),
      ...(telling ? tenants.slice(0, shownRows).map((line) => limitRow(line, `Tenant ${line.tenant}`, shareOf(line))) : []),
    ],
    left: telling ? Math.max(0, tenants.length - shownRows) : 0,
  };
}

function modelRow(row, manyTenants) {
  return {
    name: JSON.stringify([row.tenant, row.provider, row.model]),
    label: row.model,
    cells: [count(row.answers), count(row.tokens.in + row.tokens.out), cost(row.cost_usd)],
    detail: [
      row.provider,
      manyTenants ? `tenant ${row.tenant}` : '',
      row.failures ? `${cost(row.wasted_usd)} wasted on ${count(row.failures)} without an answer` : '',
    ].filter(Boolean).join(' · '),
  };
}

const sumOf = (rows, field) => rows.reduce((all, row) => all + row[field], 0);
/// Sums of amounts are shown as the amounts are: to the billionth of a dollar.
const exact = (amount) => Math.round(amount * 1e9) / 1e9;

/// `now` ms. {cost, wasted, limits, left, models, note}.
export function spendOf(budget, now) {
  const { rows, left } = limitsOf(budget.limits);
  const models = [...budget.models].sort((a, b) => b.cost_usd + b.wasted_usd - a.cost_usd - a.wasted_usd);
  const many = new Set(models.map(({ tenant }) => tenant)).size > 1;
  const hidden = left + Math.max(0, models.length - shownRows);
  const each = (what, limit) => `${what} ${limit === null ? 'no limit' : cost(limit)}`;
  return {
    cost: exact(sumOf(models, 'cost_usd')),
    wasted: exact(sumOf(models, 'wasted_usd')),
    limits: rows,
    models: models.slice(0, shownRows).map((row) => modelRow(row, many)),
    note: [
      each('A turn:', budget.per_request_usd),
      each('a conversation:', budget.per_conversation_usd),
      `begins anew in ${duration(Math.max(0, Date.parse(budget.resets_at) - now) / 1000)}`,
      hidden ? `${count(hidden)} smaller ones are left out` : '',
    ].filter(Boolean).join(' · '),
  };
}

/// What the caches have saved since the service started.
export const savedBy = (caches) => exact(sumOf(caches, 'saved_usd'));

/// The line of a turn's details; empty where no model was asked and nothing saved, and for whom costs are withheld.
export function turnCost(usage) {
  if (!usage) return '';
  const { in: read, out: written, cost_usd: paid, wasted_usd: wasted, saved_usd: saved } = usage;
  if (paid === undefined) return '';
  if (!(read || written || paid || wasted || saved)) return '';
  return [cost(paid), wasted ? `${cost(wasted)} wasted` : '', saved ? `${cost(saved)} saved` : '',
    read || written ? `${count(read)} → ${count(written)} tokens` : ''].filter(Boolean).join(' · ');
}
