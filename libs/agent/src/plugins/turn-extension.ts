import { isAbsolute, resolve } from 'node:path';
import type { ExtensionAPI, ExtensionContext, ExtensionFactory } from '@earendil-works/pi-coding-agent';
import { isAbout, type HooksAnswer, type PluginRule } from '@pizzapi/plugins';
import type { McpHost } from '../mcp/mcp-host.js';
import { expandCommand, type CommandHands } from './commands/expand-command.js';
import { CONTEXT_MESSAGE, heard, hearPrompt } from './hooks/hear-prompt.js';
import { noteBlock } from './hooks/note-block.js';
import type { SessionFacts } from './hooks/session-facts.js';
import type { SessionHooks } from './hooks/session-hooks.js';
import type { SessionPlugins } from './session-plugins.js';
import type { TrustQuestions } from './trust/trust-questions.js';

/** pi wraps the section in a tag of this name. */
const SECTION = 'plugin-rules';
const PLACES_SECTION = 'plugin-folders';
const FILE_TOOLS = new Set(['read', 'write', 'edit']);

export interface TurnParts {
  plugins: SessionPlugins;
  hooks: SessionHooks;
  questions: TrustQuestions;
  hands: Omit<CommandHands, 'signal'>;
  /** Whose prompts are commands, too; null: the session has none. */
  servers: () => Pick<McpHost, 'fill'> | null;
  /** Whether the session's file has held a conversation before this worker. */
  hasBegun: boolean;
}

/** What plugins do at the beginning of a turn: hooks are asked, commands become what their files say, rules are told. */
export function turnExtension(parts: TurnParts): ExtensionFactory {
  return (pi) => {
    const told: string[] = [];
    const starts = new StartHooks(parts);
    pi.on('session_compact', () => starts.again());
    let isLookedAt = false;
    // A turn that is gone on with, or that an extension begins, has no input.
    pi.on('agent_start', async () => {
      if (!isLookedAt) await parts.questions.recheck();
      isLookedAt = false;
    });
    pi.on('input', async ({ text, source }, context) => {
      isLookedAt = true;
      if (source !== 'extension') parts.hooks.gotOn();
      await parts.questions.recheck();
      const began = await starts.run(pi);
      told.push(...began.context);
      const said = await hearPrompt(parts.hooks, text, (name) => pi.setSessionName(name));
      if (said.isBlocked || began.stop !== null) return { action: 'handled' };
      told.push(...said.context, ...parts.hooks.takeLate());
      // Only what a person says is a command: no trigger, and no other agent's words.
      return source === 'interactive' ? expanded(parts, text, told, context) : undefined;
    });
    pi.on('before_agent_start', ({ systemPromptOptions }) => {
      const rules = parts.plugins.rules.filter(({ paths }) => paths === null);
      if (rules.length > 0) systemPromptOptions.sections[SECTION] = rules.map(({ content }) => content).join('\n\n');
      const places = parts.plugins.placesInSkills;
      if (places !== '') systemPromptOptions.sections[PLACES_SECTION] = places;
      const content = told.splice(0).join('\n\n');
      return content === '' ? undefined : { message: { customType: CONTEXT_MESSAGE, content, display: false } };
    });
    tellRulesOfFiles(pi, parts.plugins);
  };
}

/** Hooks of a session's beginning: they run before the first turn, those of a plugin that joins later before the next. */
class StartHooks {
  #done = new Set<string>();
  #source: string;

  constructor(private readonly parts: TurnParts) {
    this.#source = parts.hasBegun ? 'resume' : 'startup';
  }

  /** The conversation begins anew, with a summary. */
  again(): void {
    this.#source = 'compact';
    this.#done = new Set();
  }

  async run(pi: ExtensionAPI): Promise<HooksAnswer> {
    const { hooks, plugins } = this.parts;
    const before = this.#done;
    this.#done = new Set(plugins.all.map(({ path }) => path));
    const isNew = ({ root }: { root: string }): boolean => !before.has(root);
    const answer = await hooks.run('SessionStart', {
      fields: { source: this.#source, ...startFields(hooks.facts, this.#source === 'resume') },
      names: [this.#source],
      only: isNew,
    });
    noteBlock(hooks, answer);
    if (answer.title !== null) pi.setSessionName(answer.title.slice(0, 200));
    return answer;
  }
}

/** What hooks are told of the session that begins or goes on. */
function startFields({ model, title, lastAnswerAt, contextTokens }: SessionFacts, goesOn: boolean) {
  const seconds = lastAnswerAt === null ? null : Math.round((Date.now() - lastAnswerAt) / 1_000);
  return {
    ...(model !== null && { model }),
    ...(title !== null && { session_title: title }),
    ...(goesOn && seconds !== null && { seconds_since_last_response: seconds }),
    ...(goesOn && contextTokens !== null && { context_tokens: contextTokens }),
  };
}

/** A command of a plugin, or a prompt of an MCP server. */
async function expanded(parts: TurnParts, text: string, told: string[], context: ExtensionContext) {
  const { plugins, hooks, hands } = parts;
  const [, name = '', said = ''] = /^\/(\S+)(?:\s+([^]*))?$/.exec(text) ?? [];
  const command = plugins.commands.find((each) => each.name === name);
  // Asked for before its hooks, because only then is it known to be one.
  const filled = command ? null : ((await parts.servers()?.fill(name, said, hooks.ending)) ?? null);
  if (!command && filled === null) return undefined;
  if (filled === '') return { action: 'handled' as const };
  const kind = command
    ? { expansion_type: 'slash_command', command_source: 'plugin' }
    : { expansion_type: 'mcp_prompt', command_source: 'mcp' };
  const fields = { ...kind, command_name: name, command_args: said, prompt: text };
  const answer = await hooks.run('UserPromptExpansion', { fields, names: [name], signal: context.signal });
  if (heard(hooks, answer).isBlocked) return { action: 'handled' as const };
  told.push(...answer.context);
  const expansion = command ? await expandCommand(command, said, { ...hands, signal: hooks.ending }) : filled;
  return { action: 'transform' as const, text: expansion ?? '' };
}

/** A rule for files is told with the first of them that the agent reads or changes. */
function tellRulesOfFiles(pi: ExtensionAPI, plugins: SessionPlugins): void {
  const told = new Set<PluginRule>();
  pi.on('session_compact', () => told.clear());
  pi.on('tool_result', ({ toolName, input, content }, { cwd }) => {
    const { path } = input;
    if (!FILE_TOOLS.has(toolName) || typeof path !== 'string') return undefined;
    const file = isAbsolute(path) ? path : resolve(cwd, path);
    const rules = plugins.rules.filter((rule) => !told.has(rule) && isAbout(rule, file, cwd));
    if (rules.length === 0) return undefined;
    for (const rule of rules) told.add(rule);
    return {
      content: [
        ...content,
        ...rules.map((rule) => ({ type: 'text' as const, text: `Rules for this file:\n\n${rule.content}` })),
      ],
    };
  });
}
