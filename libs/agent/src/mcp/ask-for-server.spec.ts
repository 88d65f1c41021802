import type { QuestionField } from '@pizzapi/mcp';
import type { ApprovalSubject, SettledApproval } from '@pizzapi/protocol';
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
const answer = (people: ReturnType<typeof desk>, ...fields: QuestionField[]) =>
  serverAsker(people, () => turn.signal)({ server: 'met', message: 'Where are you?', fields, signal });

describe('a question of a server', () => {
  it('that has no fields wants a yes', async () => {
    const people = desk(said('Yes'));
    expect(await answer(people)).toEqual({ action: 'accept', content: {} });
    expect(people.asked).toEqual([
      { kind: 'question', question: 'The MCP server **met** asks: Where are you?', options: [{ label: 'Yes' }] },
    ]);
  });

  it('is a card per field, and what is left out is not answered', async () => {
    const people = desk(said('Rome'), said('Leave it out'), said('No'));
    const fields = [
      field({ name: 'city', title: 'City', description: 'Where it rains' }),
      field({ name: 'days', kind: 'integer', isRequired: false }),
      field({ name: 'wet', kind: 'boolean' }),
    ];
    expect(await answer(people, ...fields)).toEqual({ action: 'accept', content: { city: 'Rome', wet: false } });
    expect(people.asked.map(({ question }) => question.split('\n\n').slice(1))).toEqual([
      ['**City** (1 of 3): Where it rains'],
      ['**It** (2 of 3)', 'A whole number.'],
      ['**It** (3 of 3)'],
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
    expect(people.asked[1]?.question).toContain('“many” does not fit.');
    expect(await answer(desk(said('a'), said('b'), said('c'), said('7')), number)).toEqual({ action: 'cancel' });
  });

  it('offers choices to press, or lists those that are too many', async () => {
    const options = (count: number) => Array.from({ length: count }, (_, at) => ({ label: `L${at}`, value: `v${at}` }));
    const few = desk(said('L1'));
    expect(await answer(few, field({ kind: 'choice', options: options(2) }))).toMatchObject({ content: { it: 'v1' } });
    expect(few.asked[0]?.options).toEqual([{ label: 'L0' }, { label: 'L1' }]);
    const many = desk(said('L11'));
    expect(await answer(many, field({ kind: 'choice', options: options(12) }))).toMatchObject({
      content: { it: 'v11' },
    });
    expect(many.asked[0]).toMatchObject({ question: expect.stringContaining('- L11'), options: [] });
  });

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
