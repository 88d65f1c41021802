import type { QuestionField } from '@pizzapi/mcp';
import { MAX_SERVER_MESSAGE } from '@pizzapi/protocol';

/** Characters of a choice, of a field's title, and of an answer that is repeated. */
export const MAX_LABEL = 200;
const MAX_DESCRIPTION = 1_000;
const MAX_LIST = 4_000;

/** What a server says with its question, cut so that what it asks for follows in sight. */
export function shownMessage(message: string): string {
  const text = message
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/\n\s*\n/g, '\n\n')
    .trim();
  return cut(text, MAX_SERVER_MESSAGE);
}

/** A field whose words are a line each, and whose choices can all be told from nothing: what is shown of them is what is understood. */
export function inLines(field: QuestionField): QuestionField {
  const options = field.options.map(({ label, value }) => ({ label: cut(oneLine(label), MAX_LABEL), value }));
  return {
    ...field,
    title: cut(oneLine(field.title) || oneLine(field.name) || 'A value without a name', MAX_LABEL),
    description: cut(oneLine(field.description), MAX_DESCRIPTION),
    options: options.filter(({ label }) => label !== ''),
  };
}

/** What is asked for. @param place of several, which @param isListed whether the choices are a part of it, and not to press */
export function fieldText(field: QuestionField, place: string, isListed: boolean): string {
  const { kind, title, description, options } = field;
  const form = {
    text: '',
    boolean: '',
    number: 'A number.',
    integer: 'A whole number.',
    choice: isListed ? `One of:\n${listOf(options)}` : '',
    choices: `One or several, with commas between them:\n${listOf(options)}`,
  }[kind];
  return [`${title}${place}${description && `: ${description}`}`, ...(form === '' ? [] : [form])].join('\n\n');
}

/** What is said of an answer that is none. */
export function misfit(answer: string): string {
  return `“${cut(oneLine(answer), MAX_LABEL)}” does not fit.`;
}

function listOf(options: QuestionField['options']): string {
  const lines: string[] = [];
  let room = MAX_LIST;
  for (const { label } of options) {
    room -= label.length + 3;
    if (room < 0) return [...lines, `… and ${options.length - lines.length} more`].join('\n');
    lines.push(`- ${label}`);
  }
  return lines.join('\n');
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).toWellFormed()}…`;
}
