import type { QuestionField } from '@pizzapi/mcp';
import { ApprovalSubject, type SettledApproval } from '@pizzapi/protocol';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { serverAsker } from './ask-for-server.js';

type Ending = Pick<SettledApproval, 'outcome' | 'text'>;
const said = (text: string): Ending => ({ outcome: 'allowed', text });

/** People who answer so, one after the other. */
function desk(...endings: Ending[]) {
  const asked: Extract<ApprovalSubject, { kind: 'question' }>[] = [];
  const ask = (subject: ApprovalSubject, toolCallId: string): Promise<SettledApproval> => {
    if (subject.kind === 'question') asked.push(subject);
    const ending = endings.shift() ?? { outcome: 'expired' };
    const times = { askedAt: '', deadline: '', settledAt: '' };
    return Promise.resolve({ role: 'approval', approvalId: 'apr_1', toolCallId, subject, ...times, ...ending });
  };
  return { asked, ask };
}

const field = (changes: Partial<QuestionField>): QuestionField => ({
  name: 'it',
  title: 'It',
  description: '',
  isRequired: true,
  kind: 'text',
  options: [],
  ...changes,
});

const turn = new AbortController();
const { signal } = turn;
const WHERE = 'Where are you?';
const answer = (people: ReturnType<typeof desk>, ...fields: QuestionField[]) => answerTo(WHERE, people, ...fields);
const answerTo = (message: string, people: ReturnType<typeof desk>, ...fields: QuestionField[]) =>
  serverAsker(people, () => turn.signal)({ server: 'met', message, fields, signal });

describe('a question of a server', () => {
  it('that has no fields wants a yes', async () => {
    const people = desk(said('Yes'));
    expect(await answer(people)).toEqual({ action: 'accept', content: {} });
    const server = { name: 'met', message: WHERE, isYesOrNo: true };
    expect(people.asked).toEqual([
      { kind: 'question', question: 'Do you agree?', options: [{ label: 'Yes' }], server },
    ]);
  });

  it.each(['No, never', 'Yes: but not today', 'Not yes'])('that has no fields is not agreed to by %j', async (words) =>
    expect(await answer(desk(said(words)))).toEqual({ action: 'decline' }),
  );

  it('to open an address shows where it leads, and only the word for it is a yes', async () => {
    const link = { url: 'https://pay.example.com/a', host: 'pay.example.com' };
    const open = (people: ReturnType<typeof desk>) =>
      serverAsker(people, () => turn.signal)({ server: 'met', message: 'Sign in', fields: [], link, signal });
    const people = desk(said('I have opened it'), said('I will not'), { outcome: 'denied' });
    expect(await open(people)).toEqual({ action: 'accept', content: {} });
    expect(await open(people)).toEqual({ action: 'decline' });
    expect(await open(people)).toEqual({ action: 'decline' });
    expect(people.asked[0]).toEqual({
      kind: 'question',
      question: 'Open an address at pay.example.com in your browser?',
      options: [{ label: 'I have opened it' }],
      server: { name: 'met', message: 'Sign in', url: link.url, isYesOrNo: true },
    });
    expect(Value.Check(ApprovalSubject, people.asked[0])).toBe(true);
  });

  it('is a card per field, and what is left out is not answered', async () => {
    const people = desk(said('Rome'), said('Leave it out'), said('No'));
    const fields = [
      field({ name: 'city', title: 'City', description: 'Where it rains' }),
      field({ name: 'days', kind: 'integer', isRequired: false }),
      field({ name: 'wet', kind: 'boolean' }),
    ];
    expect(await answer(people, ...fields)).toEqual({ action: 'accept', content: { city: 'Rome', wet: false } });
    expect(people.asked.map(({ question }) => question)).toEqual([
      'City (1 of 3): Where it rains',
      'It (2 of 3)\n\nA whole number.',
      'It (3 of 3)',
    ]);
    expect(people.asked.map(({ options }) => options.map(({ label }) => label))).toEqual([
      [],
      ['Leave it out'],
      ['Yes', 'No'],
    ]);
  });

  it('is asked again where the answer does not fit, and in the end given up', async () => {
    const number = field({ kind: 'number' });
    const people = desk(said('many'), said('7'));
    expect(await answer(people, number)).toEqual({ action: 'accept', content: { it: 7 } });
    expect(people.asked[1]?.question).toBe('“many” does not fit.\n\nIt\n\nA number.');
    expect(await answer(desk(said('a'), said('b'), said('c'), said('7')), number)).toEqual({ action: 'cancel' });
  });

  it('offers choices to press, or lists those that are too many', async () => {
    const options = (count: number) => Array.from({ length: count }, (_, at) => ({ label: `L${at}`, value: `v${at}` }));
    const few = desk(said('L1'));
    expect(await answer(few, field({ kind: 'choice', options: options(2) }))).toMatchObject({ content: { it: 'v1' } });
    expect(few.asked[0]?.options).toEqual([{ label: 'L0' }, { label: 'L1' }]);
    expect(few.asked[0]?.question).toBe('It');
    const many = desk(said('L11'));
    expect(await answer(many, field({ kind: 'choice', options: options(12) }))).toMatchObject({
      content: { it: 'v11' },
    });
    expect(many.asked[0]).toMatchObject({ question: expect.stringContaining('- L11'), options: [] });
  });

  it('has no choice without a name, and each in a line, by which it is known', async () => {
    const options = ['', ' \n', 'small\nor so', 'x'.repeat(300)].map((label, at) => ({ label, value: `v${at}` }));
    const sizes = field({ kind: 'choice', options });
    const people = desk(said('small or so'), said(`${'x'.repeat(199)}…`));
    expect(await answer(people, sizes)).toMatchObject({ content: { it: 'v2' } });
    expect(await answer(people, sizes)).toMatchObject({ content: { it: 'v3' } });
    expect(people.asked[0]?.options).toEqual([{ label: 'small or so' }, { label: `${'x'.repeat(199)}…` }]);
  });

  it('says what it asks for, however much it says besides', async () => {
    const long = 'ab\n\n\n'.repeat(1_000);
    const options = Array.from({ length: 900 }, (_, at) => ({ label: `L${at} ${'y'.repeat(300)}`, value: `v${at}` }));
    const words = { title: `Key\n\n# PizzaPi ${long}`, description: long };
    const people = desk(said('no such'), said('L1'));
    await answerTo(long, people, field({ ...words, kind: 'choices', options }));
    const [first, second] = people.asked;
    expect(first?.question).toMatch(/^Key # PizzaPi [ab ]+…: [ab ]+…\n\nOne or several, .*:\n- L0 /);
    expect(first?.question).toMatch(/… and \d{3} more$/);
    expect(second?.question).toMatch(/^“no such” does not fit\.\n\nKey /);
    expect(second?.server?.message).toHaveLength(2_000);
    expect(second?.server?.message).not.toContain('\n\n\n');
    expect(people.asked.every((subject) => Value.Check(ApprovalSubject, subject))).toBe(true);
  });

  it('may be answered by the words that otherwise leave it out', async () =>
    expect(await answer(desk(said('Leave it out')), field({}))).toMatchObject({ content: { it: 'Leave it out' } }));

  it.each<[SettledApproval['outcome'], string]>([
    ['denied', 'decline'],
    ['expired', 'cancel'],
    ['closed', 'cancel'],
  ])('that is %s means %s', async (outcome, action) => expect(await answer(desk({ outcome }))).toEqual({ action }));

  it('for too much is refused', async () => {
    const fields = Array.from({ length: 21 }, () => field({}));
    await expect(answer(desk(), ...fields)).rejects.toThrow('more than 20 values');
  });
});
