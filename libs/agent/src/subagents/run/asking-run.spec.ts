import { describe, expect, it } from 'vitest';
import { askingRun } from './asking-run.js';

const step = (agent: string, task: string, startedBy: number | null = null) => ({ agent, task, startedBy });

describe('a run of a subagent that asks', () => {
  const steps = [
    step('worker', 'Touch it.'),
    step('scout', 'Look.'),
    step('worker', ' Paint\n  it. '),
    // Started by the first one.
    step('worker', 'Help.', 0),
  ];

  it.each([
    [0, { number: 1, of: 2, task: 'Touch it.' }],
    [1, { number: 1, of: 1, task: 'Look.' }],
    [2, { number: 2, of: 2, task: 'Paint it.' }],
    [3, { number: 1, of: 1, task: 'Help.' }],
  ])('is told from the others of its agent: step %i is %j', (at, run) => expect(askingRun(steps, at)).toEqual(run));

  it('has its task in a few words, none of them broken', () => {
    const { task } = askingRun([step('worker', '📎'.repeat(200))], 0);
    expect(task).toBe(`${'📎'.repeat(119)}…`);
  });
});
