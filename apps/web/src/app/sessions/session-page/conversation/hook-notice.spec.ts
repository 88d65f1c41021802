import { describe, expect, it } from 'vitest';
import { hookWords, isHookNotice } from './hook-notice';
import { toTranscriptItem } from './transcript-item';

const notice = {
  role: 'pluginHook' as const,
  plugin: 'guard',
  event: 'PreToolUse',
  outcome: 'failed' as const,
  text: 'it ended with exit code 1',
  at: '2026-11-20T10:00:00.000Z',
};

describe('a notice of a hook', () => {
  it('is a line of the transcript, loud where something is broken', () => {
    const entry = { seq: 1, entryId: 'e', kind: 'notice' as const, ts: notice.at, content: notice };
    expect(toTranscriptItem(entry)).toMatchObject({
      kind: 'notice',
      title: 'The plugin guard has a broken hook at PreToolUse',
      words: 'it ended with exit code 1',
      isBad: true,
    });
    expect(isHookNotice({ ...notice, role: 'command' })).toBe(false);
  });

  it.each([
    ['said', 'says'],
    ['blocked', 'kept this from happening'],
    ['stopped', 'ended the turn'],
  ] as const)('%s is quiet', (outcome, deed) =>
    expect(hookWords({ ...notice, outcome })).toMatchObject({
      title: `The plugin guard ${deed} at PreToolUse`,
      isBad: false,
    }),
  );

  it.each([['x'.repeat(201)], ['one\ntwo']])('with a long text shows it on demand', (text) =>
    expect(hookWords({ ...notice, text })).toMatchObject({ words: '', text }),
  );
});
