import { isRecord } from '../../../core/shape';
import { sizeText } from '../../attaching/file-words';
import { numberField, textField } from './message-content';
import { diffCounts } from './diff-lines';
import { wholeText } from './growing-text';
import { revealedOf } from './revealed';
import type { ToolCall } from './row';
import type { ToolItem } from './transcript-item';

export type ToolIcon = 'terminal' | 'read' | 'write' | 'edit' | 'search' | 'list' | 'agent' | 'ask' | 'tunnel' | 'tool';
export type ToolState = 'writing' | 'running' | 'done' | 'failed' | 'unknown';

/** A tool call in one line: icon, verb, object, result. */
export interface ToolSummary {
  readonly icon: ToolIcon;
  readonly verb: string;
  readonly object: string;
  readonly result: string;
  readonly added: number;
  readonly removed: number;
  readonly state: ToolState;
}

interface Wording {
  readonly icon: ToolIcon;
  /** While it runs, and after. A shell command speaks for itself. */
  readonly verbs: readonly [string, string];
  readonly objectFields: readonly string[];
  /** The object of the sentence where no argument names one. */
  readonly otherwise?: string;
}
const WORDINGS: Record<string, Wording> = {
  bash: { icon: 'terminal', verbs: ['', ''], objectFields: ['command'] },
  read: { icon: 'read', verbs: ['Reading', 'Read'], objectFields: ['path', 'file_path'] },
  write: { icon: 'write', verbs: ['Writing', 'Wrote'], objectFields: ['path', 'file_path'] },
  edit: { icon: 'edit', verbs: ['Editing', 'Edited'], objectFields: ['path', 'file_path'] },
  grep: { icon: 'search', verbs: ['Searching', 'Searched'], objectFields: ['pattern'] },
  find: { icon: 'search', verbs: ['Finding', 'Found'], objectFields: ['pattern'] },
  ls: { icon: 'list', verbs: ['Listing', 'Listed'], objectFields: ['path'], otherwise: '.' },
  // The question itself is shown below, in full.
  ask_user: { icon: 'ask', verbs: ['Asking', 'Asked'], objectFields: [], otherwise: 'you' },
  propose_plan: { icon: 'ask', verbs: ['Proposing', 'Proposed'], objectFields: [], otherwise: 'a plan' },
  spawn_session: { icon: 'agent', verbs: ['Starting', 'Started'], objectFields: ['name', 'prompt'] },
  tell_child: { icon: 'agent', verbs: ['Telling its child', 'Told its child'], objectFields: ['text'] },
  stop_child: { icon: 'agent', verbs: ['Stopping', 'Stopped'], objectFields: [], otherwise: 'its child' },
  list_children: { icon: 'list', verbs: ['Listing', 'Listed'], objectFields: [], otherwise: 'its children' },
  list_runners: { icon: 'list', verbs: ['Listing', 'Listed'], objectFields: [], otherwise: 'runners' },
  respond_to_trigger: { icon: 'agent', verbs: ['Answering', 'Answered'], objectFields: ['text', 'action'] },
  escalate_trigger: {
    icon: 'agent',
    verbs: ['Handing up', 'Handed up'],
    objectFields: ['reason'],
    otherwise: 'a question',
  },
  create_tunnel: { icon: 'tunnel', verbs: ['Exposing', 'Exposed'], objectFields: ['name', 'port'] },
  list_tunnels: { icon: 'tool', verbs: ['Listing', 'Listed'], objectFields: [], otherwise: 'tunnels' },
  close_tunnel: { icon: 'tool', verbs: ['Closing', 'Closed'], objectFields: ['port', 'tunnelId'] },
};

export function summarizeTool(call: ToolCall): ToolSummary {
  const state = toolState(call);
  const wording = WORDINGS[call.toolName];
  const isOver = state === 'done' || state === 'failed' || state === 'unknown';
  const verb = wording === undefined ? (isOver ? 'Used' : 'Using') : wording.verbs[isOver ? 1 : 0];
  // An approval shows hidden characters; a running call must look the same.
  const object = wording === undefined ? call.toolName : revealedOf(call.toolName, objectOf(call, wording));
  return { icon: wording?.icon ?? 'tool', verb, object, state, ...outcome(call, state) };
}

export function toolState(call: ToolCall): ToolState {
  if (call.result !== null) return call.result.isError ? 'failed' : 'done';
  if (call.running?.finished) return call.running.finished.isError ? 'failed' : 'done';
  if (call.running !== null) return 'running';
  return call.argsText === null ? 'unknown' : 'writing';
}

function objectOf(call: ToolCall, wording: Wording): string {
  const args = call.args ?? call.running?.args;
  const known = wording.objectFields.map((field) => fieldWords(args, field)).find((text) => text !== '');
  if (known !== undefined) return oneLine(known);
  if (call.argsText !== null) return oneLine(peekField(wholeText(call.argsText).slice(0, 2000), wording.objectFields));
  return wording.otherwise ?? '';
}

/** A number says little without its unit. */
function fieldWords(args: unknown, field: string): string {
  const number = numberField(args, field);
  return number === null ? textField(args, field) : `${field} ${number}`;
}

/** Reads a string field out of JSON that is still being written. */
export function peekField(json: string, fields: readonly string[]): string {
  for (const field of fields) {
    const found = new RegExp(`"${field}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)`).exec(json)?.[1];
    if (found !== undefined) return found.replace(/\\n/g, '\n').replace(/\\(["\\/])/g, '$1');
  }
  return '';
}

function oneLine(text: string): string {
  const line = text.replace(/\s*\n\s*/g, ' ⏎ ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

function outcome(call: ToolCall, state: ToolState): Pick<ToolSummary, 'result' | 'added' | 'removed'> {
  const none = { result: '', added: 0, removed: 0 };
  const { result, toolName } = call;
  const args = call.args ?? call.running?.args;
  if (state === 'failed') return { ...none, result: failureWords(result?.text ?? '') };
  if (toolName === 'write') return { ...none, added: lineCount(textField(args, 'content')) };
  if (result === null) return none;
  if (toolName === 'edit') return { ...none, ...diffCounts(textField(result.details, 'diff')) };
  if (toolName === 'grep' || toolName === 'find') return { ...none, result: matchWords(toolName, result) };
  if (toolName === 'read') return { ...none, result: rangeWords(args) };
  if (toolName === 'create_tunnel' && textField(args, 'name') !== '')
    return { ...none, result: fieldWords(args, 'port') };
  if (toolName === 'bash') return { ...none, result: outputWords(result) };
  return none;
}

function failureWords(text: string): string {
  const exit = /exited with code (\d+)/.exec(text)?.[1];
  if (exit !== undefined) return `exit ${exit}`;
  if (/aborted/i.test(text.slice(-200))) return 'aborted';
  return /timed out/i.test(text.slice(-200)) ? 'timed out' : 'failed';
}

/** A command's last line; of output that was cut only the beginning is here, so how much there was. */
function outputWords({ text, outputBytes }: ToolItem): string {
  return outputBytes === null ? lastShortLine(text) : `${sizeText(outputBytes)} of output`;
}

function matchWords(toolName: string, { text, outputBytes }: ToolItem): string {
  if (text.trim() === '' || /^No (matches|files) found/.test(text)) return 'nothing';
  const lines = text
    .split('\n')
    .filter((line) => (toolName === 'grep' ? /:\d+:/.test(line) : line.trim() !== '')).length;
  const noun = toolName === 'grep' ? ['match', 'matches'] : ['file', 'files'];
  if (outputBytes !== null) return `more than ${lines} ${noun[1]}`;
  return `${lines} ${lines === 1 ? noun[0] : noun[1]}`;
}

function rangeWords(args: unknown): string {
  const offset = numberField(args, 'offset');
  const limit = numberField(args, 'limit');
  if (offset === null && limit === null) return '';
  const from = offset ?? 1;
  return limit === null ? `from line ${from}` : `lines ${from}–${from + limit - 1}`;
}

/** The last line of a command's output, if it is short enough for the row. */
function lastShortLine(text: string): string {
  const line = text.slice(-400).trimEnd().split('\n').at(-1)?.trim() ?? '';
  return line.length > 0 && line.length <= 48 ? line : '';
}

export function lineCount(text: string): number {
  if (text === '') return 0;
  const lines = text.split('\n').length;
  return text.endsWith('\n') ? lines - 1 : lines;
}

/** The edits that an `edit` call asks for, from its arguments. */
export function editsOf(args: unknown): { oldText: string; newText: string }[] {
  const edits = isRecord(args) ? args['edits'] : undefined;
  const list = Array.isArray(edits) ? edits : [args];
  return list
    .map((edit) => ({ oldText: textField(edit, 'oldText'), newText: textField(edit, 'newText') }))
    .filter((edit) => edit.oldText !== '' || edit.newText !== '');
}
