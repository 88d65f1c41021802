import type { SessionView } from '@pizzapi/protocol';
import { applyEvents } from './apply-event';
import { applyInputs, applySnapshot, emptyConversation, resyncConversation } from './conversation';
import { anEntry, call, EventScript, said } from './conversation-fixtures';
import { wholeText } from './growing-text';
import { visibleItems } from './transcript-window';

const model = { provider: 'demo', id: 'demo' };
const state = { activity: null, model, usage: null, queue: [], isInterrupted: false };
const play = (script: EventScript) => applyEvents(emptyConversation(), script.events);

describe('applyEvents', () => {
  it('builds the message in progress block by block', () => {
    const { message, streaming } = play(
      new EventScript()
        .add('message.started', { messageId: 'm', model })
        .delta('m', 0, 'thinking', 'hm')
        .delta('m', 1, 'text', 'Hel')
        .delta('m', 1, 'text', 'lo'),
    );
    expect(message?.blocks.map((block) => block && [block.kind, wholeText(block.text)])).toEqual([
      ['thinking', 'hm'],
      ['text', 'Hello'],
    ]);
    expect(streaming?.characters).toBe(7);
  });

  it('starts a message from a delta when its beginning is not in the numbers we got', () => {
    const { message } = play(new EventScript().delta('m', 2, 'text', 'late'));
    expect(message?.blocks[2] && wholeText(message.blocks[2].text)).toBe('late');
  });

  it('lets the entry settle its message and remembers how long it thought', () => {
    const settled = play(
      new EventScript()
        .add('message.started', { messageId: 'm', model })
        .delta('m', 0, 'thinking', 'a')
        .delta('m', 0, 'thinking', 'b')
        .assistant('e1', [{ type: 'thinking', thinking: 'ab' }, said('done')], {}, 'm'),
    );
    expect(settled.message).toBeNull();
    expect(settled.durations.get('m:0')).toBe(1000);
    expect(visibleItems(settled.window).map((item) => item.key)).toEqual(['m']);
  });

  it('keeps the order where a call that still runs began before the page does', () => {
    const page = { entries: [anEntry(4), anEntry(5)], firstSeq: 4, lastSeq: 5, hasMore: true };
    const start = resyncConversation(emptyConversation(), { page, state, nextSeq: 1 });
    const script = new EventScript().add('tool.started', { toolCallId: 't', toolName: 'bash', args: {} });
    for (const id of ['e2', 'e3', 'e4', 'e5', 'e6']) script.user(id, `entry ${id}`);
    const again = applyEvents(start, script.events);
    expect(visibleItems(again.window).map(({ entryId }) => entryId)).toEqual(['e4', 'e5', 'e6']);
    expect([...again.tools.keys()]).toEqual(['t']);
  });

  it('does not say since when an agent works if it may have begun anew in between', () => {
    const working = play(new EventScript().add('activity.changed', { activity: 'working' }));
    expect(working.activitySince).not.toBeNull();
    const page = { entries: [], firstSeq: 0, lastSeq: 0, hasMore: false };
    const later = resyncConversation(working, { page, state: { ...state, activity: 'working' }, nextSeq: 900 });
    expect(later.activitySince).toBeNull();
  });

  it('knows an entry by its id: the page may hold it already', () => {
    const page = { entries: [anEntry(1), anEntry(2)], firstSeq: 1, lastSeq: 2, hasMore: false };
    const start = resyncConversation(emptyConversation(), { page, state, nextSeq: 1 });
    const again = applyEvents(
      start,
      new EventScript().user('e1', 'entry 1').user('e2', 'entry 2').user('e3', 'x').events,
    );
    expect(visibleItems(again.window).map((item) => item.entryId)).toEqual(['e1', 'e2', 'e3']);
    expect(again.liveEntries).toBe(1);
  });

  it('leaves out what a page left out because it is on another branch, also when it is told again', () => {
    const page = { entries: [anEntry(1)], firstSeq: 1, lastSeq: 1, hasMore: false };
    const start = resyncConversation(emptyConversation(), { page, state: { ...state, branchSeq: 3 }, nextSeq: 1 });
    const script = new EventScript().user('e1', 'entry 1').user('e2', 'elsewhere');
    const again = applyEvents(start, script.add('branch.changed', { leafId: 'e1' }).user('e4', 'here').events);
    expect(visibleItems(again.window).map((item) => item.entryId)).toEqual(['e1', 'e4']);
  });

  it('settles what is settled on another branch', () => {
    const page = { entries: [anEntry(1)], firstSeq: 1, lastSeq: 1, hasMore: false };
    const start = resyncConversation(emptyConversation(), { page, state: { ...state, branchSeq: 9 }, nextSeq: 1 });
    const ts = '2026-11-20T10:00:00.000Z';
    const subject = { kind: 'question' as const, question: 'Which?', options: [] };
    const approvalId = 'apr_0198c0de-0000-7000-8000-000000000001';
    const request = { approvalId, toolCallId: 'c', askedAt: ts, deadline: ts, subject };
    const content = { role: 'approval', ...request, outcome: 'allowed', settledAt: ts };
    const script = new EventScript().add('approval.requested', request);
    const asked = applyEvents(start, script.events);
    expect(asked.approvals.size).toBe(1);
    const entry = { entryId: 'e2', kind: 'notice' as const, ts, content };
    const settled = applyEvents(asked, script.add('entry.appended', entry).events.slice(1));
    expect(settled.approvals.size).toBe(0);
    expect(visibleItems(settled.window).map((item) => item.entryId)).toEqual(['e1']);
  });

  it('keeps a running tool’s growing output until its entry comes', () => {
    const script = new EventScript()
      .assistant('a', [call('t1', 'bash', { command: 'ls' })])
      .add('tool.started', { toolCallId: 't1', toolName: 'bash', args: { command: 'ls' } })
      .add('tool.output', { toolCallId: 't1', delta: 'one\n' })
      .add('tool.output', { toolCallId: 't1', delta: 'two\n' });
    const output = play(script).tools.get('t1')?.output;
    expect(output && wholeText(output)).toBe('one\ntwo\n');
    script.add('tool.output', { toolCallId: 't1', delta: 'anew', reset: true });
    const replaced = play(script).tools.get('t1')?.output;
    expect(replaced && wholeText(replaced)).toBe('anew');
    script.add('tool.finished', { toolCallId: 't1', isError: false, durationMs: 6400 }).toolResult('t1', 'anew');
    const done = play(script);
    expect(done.tools.size).toBe(0);
    expect(done.durations.get('t1')).toBe(6400);
  });

  it('ignores output of a tool it does not know', () => {
    expect(play(new EventScript().add('tool.output', { toolCallId: 'x', delta: 'y' })).tools.size).toBe(0);
  });

  it('forgets what was in progress when a worker opens the file again', () => {
    const state = play(
      new EventScript()
        .add('message.started', { messageId: 'm', model })
        .delta('m', 0, 'text', 'half')
        .add('tool.started', { toolCallId: 't', toolName: 'bash', args: {} })
        .add('session.opened', { epoch: 2, isResumed: true })
        .add('turn.interrupted', {}),
    );
    expect(state).toMatchObject({ message: null, isInterrupted: true });
    expect(state.tools.size).toBe(0);
  });

  it('knows the commands that were told last', () => {
    const command = { name: 'compact', description: '', kind: 'action' } as const;
    const script = new EventScript().add('commands.changed', { commands: [command] });
    expect(play(script).commands).toEqual([command]);
    expect(play(script.add('commands.changed', { commands: [] })).commands).toEqual([]);
  });

  it('lifts the interruption when work goes on, and counts the time of an activity from its start', () => {
    const state = play(
      new EventScript()
        .add('turn.interrupted', {})
        .add('activity.changed', { activity: 'working' })
        .add('activity.changed', { activity: 'working' }),
    );
    expect(state.isInterrupted).toBe(false);
    expect(state.activitySince).toBe('2026-11-20T10:00:02.000Z');
  });

  it('shows retries and compaction while they last', () => {
    const script = new EventScript().add('retry.started', { attempt: 2, maxAttempts: 3, delayMs: 4000, error: '529' });
    expect(play(script).retry).toEqual({
      attempt: 2,
      maxAttempts: 3,
      error: '529',
      dueAtMs: Date.parse('2026-11-20T10:00:05.000Z'),
    });
    script.add('retry.finished', { isSuccess: true }).add('compaction.started', { reason: 'threshold' });
    expect(play(script)).toMatchObject({ retry: null, compaction: { reason: 'threshold' } });
    script.add('compaction.finished', { isSuccess: false, error: 'too long' });
    script.add('compaction.finished', { isSuccess: false, isNeedless: true, error: 'Nothing to compact.' });
    expect(play(script).problems).toMatchObject([
      { code: 'compaction_failed', detail: 'too long', isHarmless: false },
      { detail: 'Nothing to compact.', isHarmless: true },
    ]);
  });

  it('shows what REST says to wait, until an event tells more', () => {
    const ts = '2026-01-01T00:00:00.000Z';
    const waiting = [{ inputId: 'inp_1', text: 'Read these', deliverAs: 'prompt' as const, ts }];
    const [first, second] = new EventScript()
      .add('queue.changed', { inputs: [], more: 7 })
      .add('queue.changed', { inputs: [] }).events;
    if (first === undefined || second === undefined) throw new Error('no events');
    const before = applyEvents(emptyConversation(), [first]);
    const asked = before.queue.seq;
    const waits = applyInputs(before, { inputs: waiting, more: 3 }, asked);
    expect([before.queue.more, waits.queue.more]).toEqual([7, 3]);
    expect(waits.queue.value).toEqual(waiting);
    // Asked again, as when one of them was taken back.
    expect(applyInputs(waits, { inputs: [] }, asked).queue.value).toEqual([]);
    const told = applyEvents(waits, [second]);
    expect([told.queue.value, told.queue.more]).toEqual([[], 0]);
    expect(applyInputs(told, { inputs: waiting }, asked).queue.value).toEqual([]);
  });

  it('takes facts from a snapshot unless an event has brought them', () => {
    const state = play(new EventScript().add('activity.changed', { activity: 'working' }));
    const session = { activity: 'idle', name: 'From REST', model, usage: null, lastEventSeq: 0 } as SessionView;
    const merged = applySnapshot(state, session);
    expect(merged.activity.value).toBe('working');
    expect(merged.name.value).toBe('From REST');
    // The log may be further than the row that the snapshot was made of.
    expect(applySnapshot(state, { ...session, lastEventSeq: 5 }).activity.value).toBe('working');
  });
});
