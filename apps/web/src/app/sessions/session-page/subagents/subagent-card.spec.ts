import { TestBed } from '@angular/core/testing';
import type { SubagentChange, SubagentRun, SubagentStep } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { applyEvents } from '../conversation/apply-event';
import { call, EventScript } from '../conversation/conversation-fixtures';
import { emptyConversation } from '../conversation/conversation';
import type { Row, ToolCall } from '../conversation/row';
import { toRows } from '../conversation/rows';
import { Disclosure } from '../transcript/disclosure';
import { SubagentCard } from './subagent-card';
import { liveLine } from './subagent-words';

const tasks = [
  { agent: 'scout', task: 'Find where the ovens are counted.' },
  { agent: 'reviewer', task: 'Review the oven.' },
];
const change = (step: number, what: SubagentChange['change'], mode: SubagentChange['mode'] = 'parallel') => ({
  toolCallId: 't1',
  mode,
  step,
  change: what,
});
const started = '2026-11-20T10:00:00.000Z';

function script(args: object = { tasks }): EventScript {
  return new EventScript()
    .assistant('a1', [call('t1', 'subagent', args)])
    .add('tool.started', { toolCallId: 't1', toolName: 'subagent', args });
}
function running(): EventScript {
  return script()
    .add('subagent.changed', change(0, { ...tasks[0], startedBy: null, state: 'waiting' }))
    .add('subagent.changed', change(1, { ...tasks[1], startedBy: null, state: 'waiting' }))
    .add('subagent.changed', change(0, { state: 'running', startedAt: started, model: 'anthropic/haiku' }))
    .add(
      'subagent.changed',
      change(0, { calls: [{ callId: 'c1', toolName: 'grep', object: 'oven', state: 'running' }], callCount: 1 }),
    );
}
function rowsOf(events: EventScript): Row[] {
  return toRows(applyEvents(emptyConversation(), events.events));
}
function callIn(events: EventScript): ToolCall {
  const row = rowsOf(events).find((it) => it.kind === 'subagents');
  if (row?.kind !== 'subagents') throw new Error('There is no card.');
  return row.call;
}

function card(events: EventScript) {
  TestBed.configureTestingModule({ providers: [Disclosure] });
  const fixture = TestBed.createComponent(SubagentCard);
  const host: HTMLElement = fixture.nativeElement;
  const show = (next: EventScript): void => {
    fixture.componentRef.setInput('call', callIn(next));
    fixture.detectChanges();
  };
  const button = (name: string): HTMLButtonElement => {
    const found = [...host.querySelectorAll('button')].find((it) => it.textContent.includes(name));
    if (found === undefined) throw new Error(`The card has no button “${name}”.`);
    return found;
  };
  const press = (name: string): void => {
    button(name).click();
    fixture.detectChanges();
  };
  const text = (selector: string): string[] =>
    [...host.querySelectorAll(selector)].map((it) => it.textContent.replace(/\s+/g, ' ').trim());
  show(events);
  return { host, show, press, button, text };
}

const base: SubagentStep = {
  agent: 'scout',
  task: 'Find it.',
  startedBy: null,
  state: 'done',
  model: 'anthropic/haiku',
  startedAt: started,
  endedAt: '2026-11-20T10:01:04.000Z',
  calls: [],
  callCount: 0,
  words: '',
  usage: { turns: 0, input: 0, output: 0, cacheRead: 0, cacheWrite: 0, costUsd: 0 },
  problem: null,
  answer: null,
  notes: [],
};
const run: SubagentRun = {
  mode: 'parallel',
  steps: [
    {
      ...base,
      callCount: 8,
      calls: Array.from({ length: 8 }, (_, at) => ({
        callId: `c${at}`,
        toolName: 'read',
        object: `file ${at}`,
        state: 'done',
      })),
      usage: { turns: 3, input: 12_000, output: 800, cacheRead: 0, cacheWrite: 0, costUsd: 0.02 },
      answer: 'In **oven.ts**.',
      notes: ['The tool WebFetch is left out: there is none of that name here.'],
    },
    {
      ...base,
      agent: 'reviewer',
      task: 'Review it.',
      state: 'failed',
      problem: { code: 'subagent_died', detail: 'It was killed by SIGKILL.' },
    },
  ],
};
const finished = (): EventScript =>
  running().toolResult('t1', '## 1. scout', { toolName: 'subagent', details: run, isError: false });

describe('a call of subagents', () => {
  it('says what a step does and what came of it in a line of plain words', () => {
    const lineOf = (change: Partial<SubagentStep>): string => liveLine({ ...base, ...change });
    const answer =
      '## Found\n\n**Basil** is in `oven.ts`, see [there](https://example.org):\n- one_two\n2. a * b * c\n```ts\nx\n```';
    expect(lineOf({ answer })).toBe('Found Basil is in oven.ts, see there: · one_two · a * b * c x');
    expect(lineOf({ state: 'running', words: 'So **far** so' })).toBe('So far so');
    const calls = [{ callId: 'c', toolName: 'bash', object: 'sh out\u202etxt.sh', state: 'running' as const }];
    expect(lineOf({ state: 'running', calls })).toBe('bash sh out⟨U+202E⟩txt.sh');
  });

  it('is a card of its own, between other calls', () => {
    const events = script().assistant('a2', [call('t2', 'bash', { command: 'ls' })]);
    expect(rowsOf(events).map(({ kind, key }) => [kind, key])).toEqual([
      ['subagents', 'tool:t1'],
      ['tools', 'tool:t2'],
    ]);
  });

  it('grows while they work, and tells how each stands', () => {
    const { text, show, button } = card(running());
    expect(text('.progress')).toEqual(['0 of 2 tasks done']);
    expect(text('.agent')).toEqual(['scout', 'reviewer']);
    expect(text('.icon[aria-label]').length).toBeGreaterThan(1);
    expect(button('scout').getAttribute('aria-expanded')).toBe('true');
    expect(text('pz-subagent-calls li')).toEqual(['grep oven']);
    show(
      running()
        .add(
          'subagent.changed',
          change(0, { calls: [{ callId: 'c1', toolName: 'grep', object: 'oven', state: 'done' }] }),
        )
        .add('subagent.changed', change(0, { words: 'I have found it' }))
        .add('subagent.changed', change(1, { state: 'asking', startedAt: started })),
    );
    expect(text('pz-subagent-calls li.done')).toEqual(['grep oven']);
    expect(text('.words')).toEqual(['I have found it']);
    expect(text('.progress')).toEqual(['0 of 2 tasks done, 1 waiting for you']);
  });

  it('tells a screen reader what ended, and no more', () => {
    const { text, show } = card(running());
    expect(text('[role=status]')).toEqual(['']);
    show(running().add('subagent.changed', change(0, { state: 'done', answer: 'Found.' })));
    expect(text('[role=status]')).toEqual(['Subagents: 1 of 2 tasks done']);
  });

  it('is folded when it is over, and opens to all that was done', () => {
    const { text, press, button } = card(finished());
    expect(button('Subagents').getAttribute('aria-expanded')).toBe('false');
    expect(text('.progress')).toEqual(['1 of 2 tasks done, 1 failed']);
    expect(text('.cost')).toEqual(['$0.02']);
    expect(text('pz-subagent-step')).toEqual([]);
    press('Subagents');
    expect(text('.live')).toEqual(['In oven.ts.', 'It was killed by SIGKILL.']);
    press('scout');
    expect(text('pz-subagent-calls li')).toHaveLength(6);
    press('2 earlier');
    expect(text('pz-subagent-calls li')).toHaveLength(8);
    expect(text('.answer strong')).toEqual(['oven.ts']);
    expect(text('.foot')).toEqual(['anthropic/haiku · 3 turns · 12k in, 800 out · $0.02']);
    expect(text('.note')).toEqual(['The tool WebFetch is left out: there is none of that name here.']);
  });

  it('stays as it was opened when it ends', () => {
    const { show, press, button } = card(running());
    press('Subagents');
    press('Subagents');
    show(finished());
    expect(button('Subagents').getAttribute('aria-expanded')).toBe('true');
  });

  it('shows one task without a frame around it, and its own subagents within', () => {
    const single = script({ agent: 'lead', task: 'Lead.' })
      .add('subagent.changed', change(0, { agent: 'lead', task: 'Lead.', startedBy: null, state: 'running' }, 'single'))
      .add('subagent.changed', change(1, { agent: 'hand', task: 'Help.', startedBy: 0, state: 'running' }, 'single'));
    const { host, text } = card(single);
    expect(host.querySelector('.head')).toBeNull();
    expect(text('pz-subagent-step pz-subagent-step .agent')).toEqual(['hand']);
  });

  it('says of a call that its worker did not survive what it asked for, and why it is over', () => {
    const cut = running()
      .add('session.opened', { epoch: 2, isResumed: true })
      .toolResult('t1', 'The process was stopped.', { toolName: 'subagent', isError: true });
    const { text, press } = card(cut);
    expect(text('.progress')).toEqual(['0 of 2 tasks done, 2 stopped']);
    press('Subagents');
    expect(text('.live')).toEqual(['The process was stopped.', 'The process was stopped.']);
  });

  it('is there while the task is being written', () => {
    const writing = new EventScript()
      .add('message.started', { messageId: 'm1', model: { provider: 'a', id: 'b' } })
      .add('message.delta', {
        messageId: 'm1',
        index: 0,
        kind: 'toolCall',
        delta: '{"agent":',
        toolName: 'subagent',
        toolCallId: 't1',
      });
    const { text } = card(writing);
    expect(text('.writing')).toEqual(['Writing the task…']);
  });
});
