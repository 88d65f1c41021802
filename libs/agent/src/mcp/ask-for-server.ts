import {
  type AskPerson,
  type FieldValue,
  type QuestionField,
  type ServerAnswer,
  type ServerQuestion,
  valueIn,
} from '@pizzapi/mcp';
import type { ApprovalOption } from '@pizzapi/protocol';
import type { ApprovalDesk } from '../approvals/approval-desk.js';
import { fieldText, inLines, misfit, shownMessage } from './server-question-text.js';

/** Of one question: each is a card. */
const MAX_FIELDS = 20;
/** Of all servers at once. */
const MAX_WAITING = 5;
const MAX_OPTIONS = 9;
/** How often a field is asked about whose answer does not fit. */
const MAX_TRIES = 3;

/** What the card offers where an address is to be opened; other words are no yes. */
const OPENED = 'I have opened it';
const AGREE = 'Do you agree?';
const LEAVE_OUT = 'Leave it out';
const YES = 'Yes';
const NO = 'No';

/** Puts servers' questions to people: a card per field, one after the other. No parent session's agent answers them. @param turn aborted with the turn */
export function serverAsker(
  desk: Pick<ApprovalDesk, 'ask'>,
  turn: () => AbortSignal,
  { before, after }: ServerQuestionListener = NOBODY,
): AskPerson {
  let waiting = 0;
  return async (question) => {
    const { fields, signal } = question;
    if (fields.length > MAX_FIELDS) throw new Error(`It asks for more than ${MAX_FIELDS} values at once.`);
    if (waiting >= MAX_WAITING) throw new Error('Too many questions of servers wait for an answer.');
    waiting += 1;
    try {
      const ending = AbortSignal.any([signal, turn()]);
      const settled = await before(question, ending);
      if (settled !== null) return settled;
      const answer = await answerTo(question, desk, ending);
      return await after(question, answer, ending);
    } finally {
      waiting -= 1;
    }
  };
}

/** Hears once of each question, however many cards it takes. */
export interface ServerQuestionListener {
  /** @returns what the server is answered without anybody being asked; null: they are */
  before: (question: ServerQuestion, signal: AbortSignal) => Promise<ServerAnswer | null>;
  /** @returns what the server is answered */
  after: (question: ServerQuestion, answer: ServerAnswer, signal: AbortSignal) => Promise<ServerAnswer>;
}

const NOBODY: ServerQuestionListener = {
  before: () => Promise.resolve(null),
  after: (_question, answer) => Promise.resolve(answer),
};

async function answerTo(
  { server, message, fields, link }: ServerQuestion,
  desk: Pick<ApprovalDesk, 'ask'>,
  signal: AbortSignal,
): Promise<ServerAnswer> {
  const asking = { name: server, message: shownMessage(message), ...(link && { url: link.url }) };
  const ask: Ask = async (question, options, isYesOrNo = false) => {
    // No call of the model waits for it, so that no later worker puts its answer in the place of a result.
    const { outcome, text: said = '' } = await desk.ask(
      { kind: 'question', question, options, server: { ...asking, ...(isYesOrNo && { isYesOrNo }) } },
      `mcp ${server}`,
      signal,
    );
    if (outcome === 'allowed') return said.trim();
    return { action: outcome === 'denied' ? 'decline' : 'cancel' };
  };
  if (link) {
    const said = await ask(`Open an address at ${link.host} in your browser?`, [{ label: OPENED }], true);
    if (typeof said !== 'string') return said;
    return said === OPENED ? { action: 'accept', content: {} } : { action: 'decline' };
  }
  if (fields.length === 0) {
    const said = await ask(AGREE, [{ label: YES }], true);
    if (typeof said !== 'string') return said;
    // What somebody says in their own words may well be a no.
    return said.toLowerCase() === YES.toLowerCase() ? { action: 'accept', content: {} } : { action: 'decline' };
  }
  const content: Record<string, FieldValue> = {};
  for (const [at, field] of fields.entries()) {
    const place = fields.length === 1 ? '' : ` (${at + 1} of ${fields.length})`;
    const value = await fieldValue(inLines(field), place, ask);
    if (value === null) continue;
    if (typeof value === 'object' && 'action' in value) return value;
    content[field.name] = value;
  }
  return { action: 'accept', content };
}

type Ask = (question: string, options: ApprovalOption[], isYesOrNo?: boolean) => Promise<string | ServerAnswer>;

/** Null: it is left out. */
async function fieldValue(field: QuestionField, place: string, ask: Ask): Promise<FieldValue | ServerAnswer | null> {
  const options = optionsOf(field);
  const text = fieldText(field, place, field.options.length > MAX_OPTIONS);
  let fault = '';
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const said = await ask(`${fault}${text}`, options);
    if (typeof said !== 'string') return said;
    if (said === LEAVE_OUT && !field.isRequired) return null;
    const value = valueIn(field, said);
    if (value !== null) return value;
    fault = `${misfit(said)}\n\n`;
  }
  return { action: 'cancel' };
}

function optionsOf({ kind, options, isRequired }: QuestionField): ApprovalOption[] {
  const labels = kind === 'boolean' ? [YES, NO] : kind === 'choice' ? options.map(({ label }) => label) : [];
  return [...(labels.length <= MAX_OPTIONS ? labels : []), ...(isRequired ? [] : [LEAVE_OUT])].map((label) => ({
    label,
  }));
}
