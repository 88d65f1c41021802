import type { AssistantMessage, Message, ToolCall } from '@earendil-works/pi-ai';
import { attachmentsInBrief } from '../attachments/attachments-note.js';
import { triggerInBrief } from '../queue/trigger-message.js';

/** The file that the Demo model writes into the session's folder. */
export const DEMO_FILE = 'pizzapi-demo.md';

/** What the Demo model answers to one call. */
export interface DemoStep {
  thinking?: string;
  text: string;
  toolCall?: ToolCall;
  /** Tokens that the call would have read, roughly. */
  inputTokens: number;
}

/** One turn so far, as the context shows it: everything after the last finished answer. */
interface Turn {
  /** What people said, in order; those after the first are steers. */
  said: string[];
  /** People's words that no answer has taken up yet. */
  unanswered: string[];
  /** Steps already taken, by the names in their tool calls' ids. */
  done: Set<string>;
  /** Those of them that failed, or that a person, a rule or a hook refused. */
  failed: Set<string>;
}

/**
 * Decides the next step from the conversation alone, so a session that was killed goes on where it was.
 *
 * The plan of a turn is: a shell command with growing output, a file written, the file edited, a summary. What a
 * person says in between is taken up first.
 */
export function planDemoStep(messages: readonly Message[]): DemoStep {
  const turn = readTurn(messages);
  const inputTokens = Math.ceil(JSON.stringify(messages).length / 4);
  const call = (name: string, tool: string, args: ToolCall['arguments']): ToolCall => ({
    type: 'toolCall',
    id: `demo_${name}_${messages.length}`,
    name: tool,
    arguments: args,
  });
  if (!messages.some((message) => message.role === 'system' && message.toolsAdded?.length)) {
    return { text: 'Demo (no LLM): this summary is a placeholder, because no language model is set up.', inputTokens };
  }
  const isSteered = turn.done.size > 0 && turn.unanswered.length > 0;
  if (isSteered) return { ...steeredStep(turn), toolCall: call('steer', 'write', writeArgs(turn)), inputTokens };
  if (!turn.done.has('shell'))
    return { ...openingStep(turn), toolCall: call('shell', 'bash', { command: COMMAND }), inputTokens };
  if (!turn.done.has('write'))
    return { text: writeText(turn), toolCall: call('write', 'write', writeArgs(turn)), inputTokens };
  if (!turn.done.has('edit') && !turn.failed.has('write'))
    return { text: EDIT_TEXT, toolCall: call('edit', 'edit', EDIT_ARGS), inputTokens };
  return { ...summaryStep(turn), inputTokens };
}

function readTurn(messages: readonly Message[]): Turn {
  const turn: Turn = { said: [], unanswered: [], done: new Set(), failed: new Set() };
  for (const message of messages.slice(messages.findLastIndex(isFinalAnswer) + 1)) {
    if (message.role === 'user') {
      const words = triggerInBrief(attachmentsInBrief(saidIn(message.content)));
      turn.said.push(words);
      turn.unanswered.push(words);
    }
    if (message.role === 'toolResult' && message.isError) turn.failed.add(stepOf(message.toolCallId));
    if (message.role !== 'assistant') continue;
    turn.unanswered = [];
    for (const block of message.content) if (block.type === 'toolCall') turn.done.add(stepOf(block.id));
  }
  return turn;
}

/** As `call` names them. */
function stepOf(toolCallId: string): string {
  return toolCallId.split('_')[1] ?? '';
}

function isFinalAnswer(message: Message): message is AssistantMessage {
  return message.role === 'assistant' && message.stopReason !== 'toolUse';
}

function saidIn(content: Extract<Message, { role: 'user' }>['content']): string {
  if (typeof content === 'string') return content;
  return content.map((block) => (block.type === 'text' ? block.text : '(an image)')).join('\n');
}

const COMMAND = [
  'echo "Demo: a command with growing output"',
  'for step in 1 2 3 4 5 6 7 8; do printf "step %s of 8 in %s\\n" "$step" "$PWD"; sleep 0.2; done',
  'echo "Demo: done"',
].join('\n');

const EDIT_TEXT = 'The file is there. One edit follows, so that you can see how a **diff** is shown.';
const EDIT_ARGS = {
  path: DEMO_FILE,
  edits: [{ oldText: 'Status: draft', newText: 'Status: finished\nEdited by: Demo (no LLM)' }],
};

function writeText({ failed }: Turn): string {
  const before = failed.has('shell') ? 'The command did not go through.' : 'The command has run.';
  return `${before} Now this demo writes a small file, \`${DEMO_FILE}\`, with what you asked for.`;
}

function openingStep({ said }: Turn): Pick<DemoStep, 'thinking' | 'text'> {
  return {
    thinking:
      'This is the Demo model, so nothing really thinks here. If a language model were set up, its reasoning would ' +
      'stream in this place. The plan: run a command, write a file, edit it, sum up.',
    text: [
      '## Demo (no LLM)',
      'No language model is set up on this runner, so this answer follows a script. Everything around it is real: the',
      'stream, the shell, the files.',
      '',
      'You said:',
      '',
      quote(said),
      '',
      'What comes next:',
      '',
      '1. a shell command whose output grows',
      `2. a file, \`${DEMO_FILE}\``,
      '3. an edit of that file',
      '',
      'You can **steer** or **abort** at any time.',
    ].join('\n'),
  };
}

function steeredStep({ unanswered }: Turn): Pick<DemoStep, 'thinking' | 'text'> {
  return {
    thinking: 'A message came in while I was at work. It goes before the rest of the plan.',
    text: [
      'You steered this demo (no LLM):',
      '',
      quote(unanswered),
      '',
      'So your words go into the file first, before the plan goes on.',
    ].join('\n'),
  };
}

function summaryStep({ said, failed }: Turn): Pick<DemoStep, 'text'> {
  const command = failed.has('shell') ? 'The command did not go through' : 'A command ran';
  const refused = failed.has('write') ? 'not written' : failed.has('edit') ? 'written and not edited' : null;
  const why = failed.size > 0 ? ' Open a call that did not go through to read why.' : '';
  return {
    text: [
      '### Summary of the demo (no LLM)',
      '',
      `${command}, \`${DEMO_FILE}\` was ${refused ?? 'written and edited'}.${why} In this turn you said:`,
      '',
      quote(said),
      '',
      'To talk to a real model, set up a provider on the runner: a key in its environment, `auth.json` or `models.json`.',
    ].join('\n'),
  };
}

function writeArgs({ said, done }: Turn): ToolCall['arguments'] {
  const lines = [
    '# PizzaPi demo',
    '',
    'Written by the Demo model (no LLM).',
    '',
    ...said.map((words) => `- ${oneLine(words)}`),
  ];
  return {
    path: DEMO_FILE,
    content: [...lines, '', `Status: ${done.has('edit') ? 'finished' : 'draft'}`, ''].join('\n'),
  };
}

function quote(words: string[]): string {
  return words
    .map((text) =>
      text
        .split('\n')
        .map((line) => `> ${line}`)
        .join('\n'),
    )
    .join('\n>\n');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
