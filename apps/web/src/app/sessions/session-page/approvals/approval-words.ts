import type { ApprovalRequest, ApprovalSubject, AskingRule, SettledApproval } from '@pizzapi/protocol';
import { clockTime } from '../../../ui/time-text';
import { additions, type DiffLine, replacement } from '../conversation/diff-lines';
import { isRecord } from '../../../core/shape';
import { textField } from '../conversation/message-content';
import { revealed } from '../conversation/revealed';
import { editsOf } from '../conversation/tool-summary';

export type QuestionSubject = Extract<ApprovalSubject, { kind: 'question' }>;
export type ToolSubject = Extract<ApprovalSubject, { kind: 'tool' }>;

/** A tool call as shown to the person who is asked: complete, with nothing hidden. */
export interface ToolWords {
  readonly heading: string;
  /** A command, or the path of a file. */
  readonly object: string;
  readonly diff: readonly DiffLine[] | null;
  /** Arguments that the rest does not show, as JSON. */
  readonly rest: string;
}

export function toolWords(subject: ToolSubject, runnerName: string): ToolWords {
  const { toolName, args, agent } = subject;
  const where = `${runnerName === '' ? '' : ` on ${runnerName}`}${agent === undefined ? '' : ` for the subagent ${agentWords(subject)}`}`;
  switch (toolName) {
    case 'bash':
      return { heading: `Run this${where}?`, object: field(args, 'command'), diff: null, rest: rest(args, 'command') };
    case 'write':
      return {
        heading: `Write this file${where}?`,
        object: field(args, 'path'),
        diff: additions(field(args, 'content')),
        rest: rest(args, 'path', 'content'),
      };
    case 'edit':
      return {
        heading: `Change this file${where}?`,
        object: field(args, 'path'),
        diff: editsOf(args).flatMap(({ oldText, newText }) => replacement(revealed(oldText), revealed(newText))),
        rest: rest(args, 'path', 'edits', 'oldText', 'newText'),
      };
    case 'spawn_session':
      return {
        heading: `Start a child session${where}?`,
        object: field(args, 'prompt'),
        diff: null,
        rest: rest(args, 'prompt'),
      };
    default:
      return { heading: `Use ${revealed(toolName)}${where}?`, object: '', diff: null, rest: rest(args) };
  }
}

const OF_SANDBOX = 'the sandbox: ';

/** The runner named by a call that starts something; null if it is the session's own. */
export function runnerNamedIn({ toolName, args }: Pick<ToolSubject, 'toolName' | 'args'>): string | null {
  return (toolName === 'spawn_session' && textField(args, 'runnerId')) || null;
}

/** Why a person is asked, and until when. */
export function whyAsked({ deadline, subject }: ApprovalRequest): string {
  const until = `No answer by ${clockTime(deadline)} means no.`;
  if (subject.kind === 'tool' && subject.because !== undefined) return `${revealed(subject.because)} ${until}`;
  if (subject.kind !== 'tool') return until;
  const { rule } = subject;
  if (rule.source.startsWith(OF_SANDBOX))
    return `The sandbox asks: ${revealed(rule.source.slice(OF_SANDBOX.length))}. ${until}`;
  // A file's path is too long here; it is in the tooltip.
  const whose = /^[~/]/.test(rule.source) ? '' : ` of ${revealed(rule.source)}`;
  return `Rule ${rule.pattern === null ? 'for ' : ''}${ruleWords(rule)}${whose} asks. ${until}`;
}

/** What a rule asks about: “sudo *”, or every call of a tool. */
export function ruleWords({ tool, pattern }: AskingRule): string {
  return pattern === null ? `every ${tool === '*' ? 'tool' : tool}` : `“${revealed(pattern)}”`;
}

/** “Allowed by Ada · 14:33”. */
export function outcomeWords({ outcome, settledAt, answeredBy, reason, subject, scope }: SettledApproval): string {
  const by = answeredBy === undefined ? '' : ` by ${nameOf(answeredBy)}`;
  const time = clockTime(settledAt);
  switch (outcome) {
    case 'allowed':
      if (subject.kind === 'question') return `Answered${by} · ${time}`;
      return `${subject.kind === 'consent' ? 'Trusted' : 'Allowed'}${scope === 'session' ? ' for this session' : ''}${by} · ${time}`;
    case 'denied':
      return `${subject.kind === 'question' ? 'Not answered' : 'Denied'}${by} · ${time}`;
    case 'expired':
      return `Nobody answered by ${time}, which means no`;
    case 'closed':
      return `No longer asked · ${reason ?? ''}`;
  }
}

function nameOf({ name, sessionId }: NonNullable<SettledApproval['answeredBy']>): string {
  return sessionId === undefined ? name : `the parent session “${name}”`;
}

/** What was asked, in one line. */
export function subjectLine(subject: ApprovalSubject): string {
  if (subject.kind === 'question') {
    const { server } = subject;
    if (server) return oneLine(revealed(`MCP server ${server.name}: ${subject.question}${briefly(server.message)}`));
    return oneLine(lineOf(subject) + subject.question.replace(/\*\*|`|^#+ /gm, ''));
  }
  if (subject.kind === 'consent') return oneLine(`The project’s ${thingWords(subject)} · ${revealed(subject.path)}`);
  const { object, rest: others } = toolWords(subject, '');
  const what = subject.toolName === 'bash' ? object : `${subject.toolName} ${object === '' ? others : object}`;
  return oneLine(lineOf(subject) + what);
}

type Asking = Pick<ToolSubject, 'agent' | 'run'>;

/** A subagent as a sentence names it: “scout (2 of 3)”, where several of its runs are told apart. */
function agentWords({ agent = '', run }: Asking): string {
  return run !== undefined && run.of > 1 ? `${revealed(agent)} (${run.number} of ${run.of})` : revealed(agent);
}

/** The prefix of its question in one line. */
function lineOf(asking: Asking): string {
  return asking.agent === undefined ? '' : `${agentWords(asking)}: `;
}

/** The task of the subagent that asks, in a few words; empty for the session's own agent. */
export function taskWords({ run }: Asking): string {
  return run === undefined || run.task === '' ? '' : `Its task: “${revealed(run.task)}”`;
}

/** Why it was asked, in a line. */
export function askedBecause(subject: ApprovalSubject): string {
  switch (subject.kind) {
    case 'question': {
      if (subject.server) return `A question of the MCP server ${revealed(subject.server.name)}`;
      const thing = subject.isPlan === true ? 'plan' : 'question';
      return subject.agent === undefined
        ? `The agent’s own ${thing}`
        : `A ${thing} of the subagent ${agentWords(subject)}`;
    }
    case 'consent':
      return 'It comes from the project’s folder';
    case 'tool':
      if (subject.because !== undefined) return revealed(subject.because);
      return `Rule for ${ruleWords(subject.rule)} · ${revealed(subject.rule.source)}`;
  }
}

/** Who asks, as a card says it. */
export function questionHeading(subject: QuestionSubject): string {
  const { isPlan, agent, server } = subject;
  if (server) return `The MCP server ${revealed(server.name)} asks`;
  const who = agent === undefined ? 'The agent' : `The subagent ${agentWords(subject)}`;
  return isPlan === true ? `${who} proposes a plan` : `${who} asks`;
}

/** What a screen reader is told of a question that comes up. */
export function spokenQuestion(request: ApprovalRequest, runnerName: string): string {
  const { subject } = request;
  return `${headingOf(subject, runnerName)} ${subjectLine(subject)} ${whyAsked(request)}`;
}

function headingOf(subject: ApprovalSubject, runnerName: string): string {
  switch (subject.kind) {
    case 'question':
      return `${questionHeading(subject)}:`;
    case 'consent':
      return consentHeading(subject);
    case 'tool':
      return toolWords(subject, runnerName).heading;
  }
}

/** What is to be trusted. */
export function consentHeading(subject: Extract<ApprovalSubject, { kind: 'consent' }>): string {
  if (subject.thing === 'mcp') return 'Start this project’s MCP servers?';
  return `Use this project’s ${thingWords(subject)}?`;
}

function thingWords({ thing, name }: Extract<ApprovalSubject, { kind: 'consent' }>): string {
  return thing === 'mcp' ? 'MCP servers' : `${thing} ${revealed(name)}`;
}

/** The address as the browser understands it; null if it must not be opened from here. */
export function linkOf(address: string): { url: string; host: string } | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username || url.password) return null;
  return { url: url.href, host: url.host };
}

function field(args: unknown, name: string): string {
  return revealed(textField(args, name));
}

function rest(args: unknown, ...shown: string[]): string {
  if (!isRecord(args)) return revealed(JSON.stringify(args, null, 2) ?? '');
  const others = Object.entries(args).filter(([name, value]) => !shown.includes(name) || !isShown(value));
  return others.length === 0 ? '' : revealed(JSON.stringify(Object.fromEntries(others), null, 2));
}

/** Text and edits are shown as such; values of any other type under those names would otherwise be left out. */
function isShown(value: unknown): boolean {
  return typeof value === 'string' || Array.isArray(value);
}

/** What a server says besides what it asks for. */
function briefly(message: string): string {
  if (message === '') return '';
  return ` “${message.length > 120 ? `${message.slice(0, 120)}…` : message}”`;
}

function oneLine(text: string): string {
  const line = text.replace(/\s*\n\s*/g, ' ⏎ ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
