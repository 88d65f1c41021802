import {
  type AskPerson,
  type FieldValue,
  type QuestionField,
  type ServerAnswer,
  type ServerQuestion,
  valueIn,
} from '@pizzapi/mcp';
import { type ApprovalOption, MAX_ANSWER_LENGTH } from '@pizzapi/protocol';
import type { ApprovalDesk } from '../approvals/approval-desk.js';

/** Of one question: each is a card. */
const MAX_FIELDS = 20;
/** Of all servers at once. */
const MAX_WAITING = 5;
const MAX_OPTIONS = 9;
const MAX_LABEL = 200;
/** How often a field is asked about whose answer does not fit. */
const MAX_TRIES = 3;

const LEAVE_OUT = 'Leave it out';
const YES = 'Yes';
const NO = 'No';

/** Passes servers' questions on by the card on which the agent asks: a card per field, one after the other. @param turn aborted with the turn */
export function serverAsker(desk: Pick<ApprovalDesk, 'ask'>, turn: () => AbortSignal): AskPerson {
  let waiting = 0;
  return async (question) => {
    const { fields, signal } = question;
    if (fields.length > MAX_FIELDS) throw new Error(`It asks for more than ${MAX_FIELDS} values at once.`);
    if (waiting >= MAX_WAITING) throw new Error('Too many questions of servers wait for an answer.');
    waiting += 1;
    try {
      return await answerTo(question, desk, AbortSignal.any([signal, turn()]));
    } finally {
      waiting -= 1;
    }
  };
}

async function answerTo(
  { server, message, fields }: ServerQuestion,
  desk: Pick<ApprovalDesk, 'ask'>,
  signal: AbortSignal,
): Promise<ServerAnswer> {
  const intro = `The MCP server **${server}** asks: ${message}`;
  const ask = async (text: string, options: ApprovalOption[]): Promise<string | ServerAnswer> => {
    const question = `${intro}${text}`.slice(0, MAX_ANSWER_LENGTH);
    // No call of the model waits for it, so that no later worker puts its answer in the place of a result.
    const { outcome, text: said = '' } = await desk.ask(
      { kind: 'question', question, options },
      `mcp ${server}`,
      signal,
    );
    if (outcome === 'allowed') return said.trim();
    return { action: outcome === 'denied' ? 'decline' : 'cancel' };
  };
  if (fields.length === 0) {
    const said = await ask('', [{ label: YES }]);
    return typeof said === 'string' ? { action: 'accept', content: {} } : said;
  }
  const content: Record<string, FieldValue> = {};
  for (const [at, field] of fields.entries()) {
    const place = fields.length === 1 ? '' : ` (${at + 1} of ${fields.length})`;
    const value = await fieldValue(field, `\n\n**${field.title}**${place}`, ask);
    if (typeof value === 'object' && 'action' in value) return value;
    if (value !== LEAVE_OUT) content[field.name] = value;
  }
  return { action: 'accept', content };
}

type Ask = (text: string, options: ApprovalOption[]) => Promise<string | ServerAnswer>;

async function fieldValue(field: QuestionField, title: string, ask: Ask): Promise<FieldValue | ServerAnswer> {
  const options = optionsOf(field);
  let fault = '';
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const said = await ask(`${title}${detailOf(field)}${fault}`, options);
    if (typeof said !== 'string' || (said === LEAVE_OUT && !field.isRequired)) return said;
    const value = valueIn(field, said);
    if (value !== null) return value;
    fault = `\n\n“${said.slice(0, MAX_LABEL)}” does not fit.`;
  }
  return { action: 'cancel' };
}

function optionsOf({ kind, options, isRequired }: QuestionField): ApprovalOption[] {
  const labels = kind === 'boolean' ? [YES, NO] : kind === 'choice' ? options.map(({ label }) => label) : [];
  const isShowable =
    labels.length <= MAX_OPTIONS && labels.every((label) => label.trim() !== '' && label.length <= MAX_LABEL);
  return [...(isShowable ? labels : []), ...(isRequired ? [] : [LEAVE_OUT])].map((label) => ({ label }));
}

function detailOf({ kind, options, description }: QuestionField): string {
  const list = options.map(({ label }) => `- ${label}`).join('\n');
  const form = {
    text: '',
    boolean: '',
    number: 'A number.',
    integer: 'A whole number.',
    choice: `One of:\n${list}`,
    choices: `One or several, with commas between them:\n${list}`,
  }[kind];
  return [description && `: ${description}`, form && `\n\n${form}`].join('');
}
