import { describe, expect, it } from 'vitest';
import { ordersIn } from './subagent-parameters.js';
import { resultText } from './subagent-text.js';

const done = (agent: string, answer: string) => ({ agent, answer, problem: null });
const failed = (agent: string, problem: string) => ({ agent, answer: null, problem });

describe('what the model reads', () => {
  it('is the answer alone, of one task', () => {
    expect(resultText('single', [done('scout', 'It is 42.')])).toBe('It is 42.');
    expect(resultText('single', [failed('scout', 'It died.')])).toBe('It died.');
  });

  it('is each answer under its own heading, of several', () => {
    expect(resultText('parallel', [done('scout', 'One.'), failed('worker', 'It died.')])).toBe(
      '## 1. scout\nOne.\n\n## 2. worker: failed\nIt died.',
    );
  });

  it('is bounded, and says what was cut', () => {
    const text = resultText(
      'parallel',
      Array.from({ length: 8 }, () => done('scout', 'x'.repeat(20_000))),
    );
    expect(text.length).toBeLessThan(66_000);
    expect(text).toContain('[… cut here: 12000 more characters …]');
  });

  it('is whole as long as all answers together have room, however long one of them is', () => {
    const answers = ['x'.repeat(40_000), 'y'.repeat(20_000), 'Short.'];
    const text = resultText(
      'parallel',
      answers.map((answer) => done('scout', answer)),
    );
    for (const answer of answers) expect(text).toContain(answer);
    const longer = resultText('parallel', [done('scout', 'x'.repeat(90_000)), done('scout', 'y'.repeat(10_000))]);
    expect(longer).toContain('y'.repeat(10_000));
    expect(longer).toContain('x'.repeat(54_000));
    expect(longer).toContain('[… cut here: 36000 more characters …]');
  });

  it('is cut between signs', () => {
    const text = resultText('single', [done('scout', `x${'📎'.repeat(40_000)}`)]);
    expect(text.isWellFormed()).toBe(true);
    expect(text).toContain('[… cut here: 16002 more characters …]');
  });
});

describe('a call', () => {
  const order = { agent: 'scout', task: 'Look.' };

  it('has one of three forms', () => {
    expect(ordersIn(order)).toEqual({ mode: 'single', orders: [order] });
    expect(ordersIn({ tasks: [order, order] })).toEqual({ mode: 'parallel', orders: [order, order] });
    expect(ordersIn({ chain: [order] })).toEqual({ mode: 'chain', orders: [order] });
  });

  it.each([{}, { agent: 'scout' }, { task: 'x' }, { ...order, tasks: [order] }, { tasks: [order], chain: [order] }])(
    'of any other is refused: %j',
    (call) => {
      expect(() => ordersIn(call)).toThrow(expect.objectContaining({ code: 'subagent_refused' }));
    },
  );
});
