import { resolve } from 'node:path';
import {
  coversAllOf,
  type CommandPart,
  type ShellPart,
  fillCommand,
  type PluginCommand,
  type StartHook,
  toClaude,
} from '@pizzapi/plugins';
import { v7 } from 'uuid';
import type { ApprovalGate } from '../../approvals/approval-gate.js';

/** How long a line of shell of a command may take. */
const SHELL_TIMEOUT_MS = 120_000;
/** Bytes of a line's output or of a file that the model reads. */
const MAX_BYTES = 256 * 1_024;

const WHY_ENDED = { timeout: 'it took too long', limit: 'it printed too much', cancel: 'it was broken off' } as const;

/** With what the lines of shell and the files in a command are got: where the session's tools run, under its rules. */
export interface CommandHands {
  cwd: string;
  gate: ApprovalGate;
  start: StartHook;
  readFile: (path: string, limit: number) => Promise<Buffer>;
  signal: AbortSignal;
}

/** What the model reads of a command. What of it does not run or cannot be read is said in its place. */
export async function expandCommand(command: PluginCommand, said: string, hands: CommandHands): Promise<string> {
  const texts: string[] = [];
  const files: string[] = [];
  for (const part of fillCommand(command.content, said, command.argumentNames)) {
    if (part.kind === 'text') texts.push(part.text);
    else if (part.kind === 'shell') texts.push(await shellText(command, part, hands));
    else {
      texts.push(`@${part.text}`);
      files.push(...(await fileTexts(part, hands)));
    }
  }
  return [texts.join('').trim(), ...files].join('\n\n');
}

async function shellText({ allowedTools }: PluginCommand, part: ShellPart, hands: CommandHands): Promise<string> {
  const { cwd, gate, start, signal } = hands;
  const line = part.text;
  const call = toClaude('bash', { command: line }, cwd);
  if (allowedTools !== null && !allowedTools.some((rule) => coversAllOf(rule, call)))
    return notRun(line, "the command's allowed-tools do not name it");
  const verdict = await gate.check(
    { toolName: 'bash', args: { command: line }, cwd },
    { toolCallId: `command-${v7()}`, signal },
  );
  if (verdict.blockedBy !== null) return notRun(line, verdict.blockedBy);
  // What a hook made of it holds what was said as text of shell.
  if (verdict.args !== undefined) return notRun(line, 'a hook would have it run otherwise');
  return outputOf(part, start, signal);
}

async function outputOf(part: ShellPart, start: StartHook, signal: AbortSignal): Promise<string> {
  const { text: line, script, args, said } = part;
  const limits = { timeoutMs: SHELL_TIMEOUT_MS, maxBytes: MAX_BYTES };
  const order = { command: script, args: null, places: args, env: { ARGUMENTS: said }, input: '', ...limits };
  try {
    const { code, end, stdout, stderr } = await start({ ...order, signal });
    if (end !== 'exit') return notRun(line, WHY_ENDED[end]);
    if (code === 0) return stdout.trimEnd();
    return notRun(line, `it failed with ${code ?? 'a signal'}: ${stderr.trim().slice(0, 1_000)}`);
  } catch (error) {
    return notRun(line, `it could not be started: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function notRun(line: string, why: string): string {
  return `(\`${line}\` gave nothing: ${why})`;
}

/** None where there is no such file: then it is no reference but a word. */
async function fileTexts({ text }: CommandPart, { cwd, gate, readFile, signal }: CommandHands): Promise<string[]> {
  const path = resolve(cwd, text);
  const verdict = await gate.check(
    { toolName: 'read', args: { path }, cwd },
    { toolCallId: `command-${v7()}`, signal },
  );
  if (verdict.blockedBy !== null) return [`(@${text} was not read: ${verdict.blockedBy})`];
  try {
    return [`Content of ${text}:\n\n${(await readFile(path, MAX_BYTES)).toString()}`];
  } catch {
    return []; // Missing, or kept from the session's tools: either way there is nothing to show.
  }
}
