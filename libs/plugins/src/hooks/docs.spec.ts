import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { HOOK_EVENTS, type HookEventRow, STANDARD_TIMEOUT_S } from './hook-events.js';
import { HOOK_FIELDS, UNGIVEN_FIELDS } from './hook-fields.js';
import {
  HANDLER_FIELDS,
  HOOK_ANSWERS,
  HOOK_EXITS,
  HOOK_TYPES,
  PROMPT_EVENTS,
  UNFOLLOWED_ANSWERS,
} from './hook-tables.js';
import { NOTIFICATIONS, UNSENT_NOTIFICATIONS } from './notifications.js';

const page = readFileSync(fileURLToPath(new URL('../../../../docs/plugins.md', import.meta.url)), 'utf8');

/** The rows below a heading row that begins with this cell. */
function tableOf(first: string): string[][] {
  const rows = page.split('\n').map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('\\|', '|')),
  );
  const at = rows.findIndex((row) => row[0] === first);
  const end = rows.findIndex((row, index) => index > at && row.length === 0);
  return rows.slice(at + 2, end === -1 ? undefined : end);
}

const coded = (rows: Readonly<Record<string, string>>, before = ''): string[][] =>
  Object.entries(rows).map(([name, here]) => [`\`${name}\``, `${before}${here}`]);

describe('the page about plugins says what the code does:', () => {
  it('events', () => {
    const rows = Object.entries<HookEventRow>(HOOK_EVENTS).map(([name, row]) => {
      if (row.at === null) return [`\`${name}\``, `not: ${row.why}`, '—', '—', '—', '—'];
      const { at, matched, blocks, readsText = false, timeoutS = STANDARD_TIMEOUT_S, maxTimeoutS } = row;
      const matcher = matched === null ? '—' : `\`${matched}\``;
      return [
        `\`${name}\``,
        at,
        matcher,
        blocks,
        readsText ? 'yes' : 'no',
        `${maxTimeoutS === undefined ? '' : 'at most '}${timeoutS} s`,
      ];
    });
    expect(tableOf('event')).toEqual(rows);
  });

  it('types', () => {
    expect(tableOf('type')).toEqual(Object.entries(HOOK_TYPES).map(([type, here]) => [`\`${type}\``, here]));
    const [, events = ''] = HOOK_TYPES.prompt.split(' For ');
    expect(new Set([...events.matchAll(/`(\w+)`/g)].map(([, event]) => event))).toEqual(PROMPT_EVENTS);
  });

  it('what hooks may say of themselves', () => expect(tableOf('of itself')).toEqual(coded(HANDLER_FIELDS)));

  it('what they are told', () => {
    const given = Object.entries(HOOK_FIELDS).map(([field, { at, here }]) => [
      `\`${field}\``,
      at === null ? 'all' : at.map((event) => `\`${event}\``).join(', '),
      here,
    ]);
    const others = Object.entries(UNGIVEN_FIELDS).map(([field, why]) => [`\`${field}\``, '—', `not: ${why}`]);
    expect(tableOf('input')).toEqual([...given, ...others]);
  });

  it('notifications', () =>
    expect(tableOf('notification')).toEqual([...coded(NOTIFICATIONS), ...coded(UNSENT_NOTIFICATIONS, 'not: ')]));

  it('exits', () => expect(tableOf('exit')).toEqual(Object.entries(HOOK_EXITS)));

  it('answers', () => {
    const followed = Object.entries(HOOK_ANSWERS).map(([field, here]) => [`\`${field}\``, here]);
    const others = Object.entries(UNFOLLOWED_ANSWERS).map(([field, why]) => [`\`${field}\``, `not: ${why}`]);
    expect(tableOf('field')).toEqual([...followed, ...others]);
  });
});
