import type { SessionEventData } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { applyEvents } from './apply-event';
import { emptyConversation } from './conversation';
import { call, EventScript, said } from './conversation-fixtures';
import { keepIdentity } from './row-identity';
import type { Row } from './row';
import { toRows } from './rows';
import { summarizeTool, toolState } from './tool-summary';

const rowsOf = (script: EventScript): Row[] => toRows(applyEvents(emptyConversation(), script.events));
const kinds = (rows: Row[]): string[] => rows.map((row) => row.kind);
const callsOf = (rows: Row[]) => rows.flatMap((row) => (row.kind === 'tools' ? row.calls : []));

describe('toRows', () => {
  it('shows what a hook says of itself for as long as it is waited for', () => {
    const script = new EventScript().add('activity.changed', { activity: 'working', status: 'Formatting…' });
    expect(rowsOf(script)).toMatchObject([{ kind: 'hookStatus', text: 'Formatting…' }]);
    expect(rowsOf(script.add('activity.changed', { activity: 'working' }))).toEqual([]);
  });

  it('matches calls with their results and puts consecutive calls into one row', () => {
    const script = new EventScript()
      .user('u', 'go')
      .assistant('a1', [said('I look.'), call('t1', 'read', { path: 'a.ts' })])
      .toolResult('t1', 'text')
      .assistant('a2', [call('t2', 'bash', { command: 'npm test' })])
      .toolResult('t2', '38 passed')
      .assistant('a3', [said('Done.')]);
    const rows = rowsOf(script);
    expect(kinds(rows)).toEqual(['user', 'text', 'tools', 'text']);
    expect(callsOf(rows).map((c) => [c.toolCallId, c.result?.text])).toEqual([
      ['t1', 'text'],
      ['t2', '38 passed'],
    ]);
    expect(callsOf(rows)[1]?.durationMs).toBe(1000);
  });

  it('counts a call from the answer that asked for it, whatever comes in while it runs', () => {
    const script = new EventScript()
      .user('u', 'go')
      .assistant('a', [call('t1', 'bash', { command: 'npm test' }), call('t2', 'bash', { command: 'ls' })])
      .user('u2', 'hurry')
      .toolResult('t1', '38 passed')
      .user('u3', 'please')
      .user('u4', 'now')
      .toolResult('t2', 'a.ts');
    expect(callsOf(rowsOf(script)).map(({ durationMs }) => durationMs)).toEqual([2000, 3000]);
  });

  it.each([
    ['create_tunnel', { port: 5173, name: 'Vite' }, 'Exposed Vite → port 5173'],
    ['create_tunnel', { port: 5173 }, 'Exposed port 5173'],
    ['list_tunnels', {}, 'Listed tunnels'],
    ['close_tunnel', { tunnelId: 'tun_1' }, 'Closed tun_1'],
    ['ls', {}, 'Listed .'],
    ['deploy', {}, 'Used deploy'],
  ])('says what %s did with %j', (tool, args, words) => {
    const script = new EventScript().assistant('a', [call('t', tool, args)]).toolResult('t', 'text');
    const [made] = callsOf(rowsOf(script));
    if (!made) throw new Error('There is no call.');
    const { verb, object, result } = summarizeTool(made);
    expect(`${verb} ${object}${result === '' ? '' : ` → ${result}`}`).toBe(words);
  });

  it.each([
    ['bash', 'ok 1\n[… output cut here …]', '3.4 MB of output'],
    ['grep', 'a.ts:1: x\na.ts:2: x\n[… output cut here …]', 'more than 2 matches'],
  ])('says of %s whose output was cut only what it knows', (tool, text, words) => {
    const script = new EventScript().assistant('a', [call('t', tool, {})]).toolResult('t', text, {}, 3_400_000);
    expect(callsOf(rowsOf(script)).map((made) => summarizeTool(made).result)).toEqual([words]);
  });

  it('keeps a block’s key when its message settles', () => {
    const script = new EventScript()
      .add('message.started', { messageId: 'm', model: { provider: 'p', id: 'i' } })
      .delta('m', 0, 'text', 'Hello');
    const live = rowsOf(script);
    const settled = rowsOf(script.assistant('e', [said('Hello')], {}, 'm'));
    expect(live.map(({ key }) => key)).toEqual(settled.map(({ key }) => key));
  });

  it('follows a call from its first delta to its result under one key', () => {
    const script = new EventScript().add('message.delta', {
      messageId: 'm',
      index: 0,
      kind: 'toolCall',
      delta: '{"path":"src/a',
      toolName: 'read',
      toolCallId: 't1',
    });
    const states: string[] = [];
    const note = (): void => {
      const rows = rowsOf(script);
      expect(rows.map(({ key }) => key)).toEqual(['tool:t1']);
      states.push(...callsOf(rows).map(toolState));
    };
    note();
    expect(callsOf(rowsOf(script)).map((c) => summarizeTool(c).object)).toEqual(['src/a']);
    script.assistant('e', [call('t1', 'read', { path: 'src/a.ts' })], {}, 'm');
    note();
    script.add('tool.started', { toolCallId: 't1', toolName: 'read', args: { path: 'src/a.ts' } });
    note();
    script.toolResult('t1', 'x');
    note();
    expect(states).toEqual(['writing', 'unknown', 'running', 'done']);
  });

  it('shows signs that would hide something in what runs, as the card that asks about it does', () => {
    const objectOf = (toolName: string, args: object): string[] =>
      callsOf(rowsOf(new EventScript().assistant('a', [call('t', toolName, args)]))).map(
        (c) => summarizeTool(c).object,
      );
    expect(objectOf('bash', { command: 'sh out\u202etxt.sh' })).toEqual(['sh out⟨U+202E⟩txt.sh']);
    expect(objectOf('tell_child', { text: 'می\u200cخواهم' })).toEqual(['می\u200cخواهم']);
  });

  it('reads a trigger that the worker kept as JSON text', () => {
    const trigger = JSON.stringify({
      type: 'ci:finished',
      source: 'ci',
      summary: 'Build 9131 failed',
      payload: { id: 9131 },
      listenerId: 'lst_1',
      prompt: 'Find out why',
    });
    const content = { role: 'custom', content: 'fenced', details: { id: 'dlv_1', trigger } };
    const ts = '2026-11-20T10:00:00.000Z';
    const [row] = rowsOf(new EventScript().add('entry.appended', { entryId: 't', kind: 'trigger', ts, content }));
    expect(row?.kind === 'trigger' && row.item).toMatchObject({
      type: 'ci:finished',
      source: 'ci',
      summary: 'Build 9131 failed',
      payload: { id: 9131 },
      deliveryId: 'dlv_1',
      prompt: 'Find out why',
    });
  });

  it('shows a result whose call is not in memory', () => {
    expect(callsOf(rowsOf(new EventScript().toolResult('t9', 'x')))).toHaveLength(1);
  });

  it('says how a message ended when it did not end well', () => {
    const rows = rowsOf(
      new EventScript().assistant('a', [said('so')], { stopReason: 'error', errorMessage: 'overloaded' }),
    );
    expect(kinds(rows)).toEqual(['text', 'ending']);
  });

  it('says the error of a retry once, and tries that failed alike in one row', () => {
    const failure = { stopReason: 'error', errorMessage: '503 {"message":"overloaded"}' };
    const retry = (attempt: number) => ({ attempt, maxAttempts: 3, delayMs: 1, error: failure.errorMessage });
    const script = new EventScript()
      .assistant('a1', [], failure)
      .add('retry.started', retry(1))
      .assistant('a2', [], failure)
      .add('retry.started', retry(2));
    expect(rowsOf(script)).toMatchObject([
      { kind: 'ending', key: 'a1:end', times: 2 },
      { kind: 'retry', isCauseSaid: true },
    ]);
    const alone = rowsOf(new EventScript().user('u', 'a').add('retry.started', retry(1)));
    expect(alone.at(-1)).toMatchObject({ kind: 'retry', isCauseSaid: false });
  });

  it('places errors where they happened and status last', () => {
    const rows = rowsOf(
      new EventScript()
        .user('u1', 'a')
        .add('error.raised', { code: 'x', detail: 'y' })
        .user('u2', 'b')
        .add('retry.started', { attempt: 1, maxAttempts: 3, delayMs: 1, error: 'e' }),
    );
    expect(kinds(rows)).toEqual(['user', 'problem', 'user', 'retry']);
    const first = rowsOf(new EventScript().add('error.raised', { code: 'x', detail: 'y' }).user('u1', 'a'));
    expect(kinds(first)).toEqual(['problem', 'user']);
  });

  it('tells in a call’s row what the sandbox kept from it, and in a row of its own what is no known call’s', () => {
    const violation = { role: 'sandboxViolation', toolName: 'read', kind: 'read', target: '/a', rule: 'secrets' };
    const at = '2026-11-20T10:00:00.000Z';
    const notice = (entryId: string, toolCallId: string | null): SessionEventData<'entry.appended'> => ({
      entryId,
      kind: 'notice',
      ts: at,
      content: { ...violation, toolCallId, at },
    });
    const rows = rowsOf(
      new EventScript()
        .assistant('a', [call('t', 'read', { path: '/a' })])
        .add('entry.appended', notice('v1', 't'))
        .toolResult('t', 'no')
        .add('entry.appended', notice('v2', null)),
    );
    expect(rows).toMatchObject([
      { kind: 'tools', calls: [{ toolCallId: 't', violations: [{ target: '/a', rule: 'secrets' }] }] },
      { kind: 'violation', item: { violation: { toolCallId: null } } },
    ]);
  });

  it('gives unchanged rows their old objects', () => {
    const violation = {
      role: 'sandboxViolation',
      toolCallId: 't',
      toolName: 'ls',
      kind: 'read',
      target: '/a',
      rule: 'secrets',
      at: '',
    };
    const script = new EventScript()
      .user('u', 'a')
      .assistant('a', [call('t', 'ls', {}), said('x')])
      .add('entry.appended', { entryId: 'v', kind: 'notice', ts: '2026-11-20T10:00:00.000Z', content: violation });
    const state = applyEvents(emptyConversation(), script.events);
    const before = toRows(state);
    const more = applyEvents(state, script.user('u2', 'b').events.slice(-1));
    const after = keepIdentity(before, toRows(more));
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBe(before[1]);
    expect(after).toHaveLength(4);
  });
});
