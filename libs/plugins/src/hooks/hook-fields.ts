import { CALL_EVENTS, ERROR_KINDS, type HookEvent } from './hook-events.js';

/** A field of the JSON that hooks read. */
export interface HookField {
  /** For which events; null: for all. */
  at: readonly HookEvent[] | null;
  here: string;
  /** It is there only where it is known. Default: always. */
  isOptional?: boolean;
}

const CALLS = [...CALL_EVENTS];
const RESULTS = ['PostToolUse', 'PostToolUseFailure'] as const;
const SUBAGENTS = ['SubagentStart', 'SubagentStop'] as const;
const STOPS = ['Stop', 'SubagentStop'] as const;
const ELICITATIONS = ['Elicitation', 'ElicitationResult'] as const;
const COMPACTIONS = ['PreCompact', 'PostCompact'] as const;
/** Those in the middle of the agent's work. */
export const EFFORT_EVENTS: ReadonlySet<HookEvent> = new Set([...CALLS, 'PostToolBatch', 'Stop']);

const KINDS = `${ERROR_KINDS.map((kind) => `\`${kind}\``).join(', ')}, as far as the provider says it`;

/** What hooks are told, as Claude Code's reference names it (November 2026). `docs/plugins.md` says the same, which a test holds it to. */
export const HOOK_FIELDS: Readonly<Record<string, HookField>> = {
  session_id: { at: null, here: "the session's id" },
  transcript_path: { at: null, here: "the session's file, in pi's format; the sandbox keeps it out of sight" },
  cwd: { at: null, here: "the session's folder" },
  permission_mode: { at: null, here: 'always `default`' },
  hook_event_name: { at: null, here: 'the event' },
  prompt_id: {
    at: null,
    here: 'a UUID of what was said last to the agent, also into a running turn; none before the first',
    isOptional: true,
  },
  effort: {
    at: [...EFFORT_EVENTS],
    here: "`{ level }`, pi's level of thinking: `minimal` to `max`, where the session's model thinks; none for calls of subagents. Also as `CLAUDE_EFFORT` in the environment of commands",
    isOptional: true,
  },
  agent_id: { at: [...CALLS, ...SUBAGENTS], here: 'of a run of a subagent', isOptional: true },
  agent_type: { at: [...CALLS, ...SUBAGENTS], here: "the subagent's name", isOptional: true },
  source: {
    at: ['SessionStart', 'PostModelSwitch'],
    here: '`startup`, `resume` or `compact`; at `PostModelSwitch` `picker`',
  },
  from_model: { at: ['PostModelSwitch'], here: 'the id of the model before, without its provider' },
  to_model: { at: ['PostModelSwitch'], here: 'that of the model now' },
  model: { at: ['SessionStart'], here: "the model's id, without its provider", isOptional: true },
  session_title: {
    at: ['SessionStart', 'UserPromptSubmit'],
    here: "the session's name, where it has one",
    isOptional: true,
  },
  seconds_since_last_response: {
    at: ['SessionStart'],
    here: "with `resume`: since the agent's last answer",
    isOptional: true,
  },
  context_tokens: {
    at: ['SessionStart', 'PostModelSwitch'],
    here: 'as pi estimates them; at `SessionStart` with `resume`',
    isOptional: true,
  },
  prompt: { at: ['UserPromptSubmit', 'UserPromptExpansion'], here: 'what was said' },
  expansion_type: { at: ['UserPromptExpansion'], here: '`slash_command` or `mcp_prompt`' },
  command_name: { at: ['UserPromptExpansion'], here: 'without the slash' },
  command_args: { at: ['UserPromptExpansion'], here: 'what is said besides' },
  command_source: { at: ['UserPromptExpansion'], here: '`plugin` or `mcp`' },
  tool_name: { at: CALLS, here: "Claude Code's name of the tool" },
  tool_input: { at: CALLS, here: "its arguments by Claude Code's names, paths in full" },
  tool_use_id: { at: CALLS, here: "pi's id of the call; of a subagent's, that of the call which started it" },
  mcp_server: {
    at: CALLS,
    here: "of a server's tool: `{ name, source }`, the source `plugin`, `user` or `project`",
    isOptional: true,
  },
  tool_response: { at: ['PostToolUse'], here: "what the model reads, in the form that Claude Code's tool gives" },
  error: {
    at: ['PostToolUseFailure', 'StopFailure'],
    here: `what the model reads; at \`StopFailure\` ${KINDS}`,
  },
  is_interrupt: {
    at: ['PostToolUseFailure'],
    here: 'always `false`: for a call that a person broke off no hook runs',
  },
  duration_ms: {
    at: [...RESULTS],
    here: 'how long the call ran, without the time in which hooks and people decided about it; none where it did not come to run',
    isOptional: true,
  },
  tool_calls: { at: ['PostToolBatch'], here: 'the calls, with `tool_response`' },
  message: {
    at: ['Notification', 'Elicitation'],
    here: 'a sentence for people; at `Elicitation` what the server says',
  },
  mcp_server_name: { at: [...ELICITATIONS], here: "the server's name" },
  mode: { at: [...ELICITATIONS], here: '`form` or `url`' },
  url: { at: ['Elicitation'], here: 'with `url`: the address', isOptional: true },
  action: { at: ['ElicitationResult'], here: '`accept`, `decline` or `cancel`' },
  content: { at: ['ElicitationResult'], here: 'with `accept` of a form: the values', isOptional: true },
  title: { at: ['Notification'], here: 'a few words for people' },
  notification_type: { at: ['Notification'], here: 'as below' },
  stop_hook_active: {
    at: [...STOPS],
    here: 'whether a hook has the turn go on already; at `SubagentStop` always `false`',
  },
  last_assistant_message: { at: [...STOPS, 'StopFailure'], here: "the agent's last text" },
  error_details: { at: ['StopFailure'], here: "the provider's words" },
  trigger: { at: [...COMPACTIONS], here: '`manual` or `auto`' },
  custom_instructions: { at: ['PreCompact'], here: 'what is said besides `/compact`; `null` where nothing is' },
  compact_summary: { at: ['PostCompact'], here: 'the summary' },
  reason: { at: ['SessionEnd'], here: 'always `other`' },
};

/** What Claude Code tells besides, and why it is not told here. */
export const UNGIVEN_FIELDS = {
  scratchpad_dir: 'a session has no folder for notes',
  permission_suggestions: 'the card makes its own',
  agent_transcript_path: 'subagents leave no file',
  background_tasks: 'whether child sessions are at work, the relay knows and not the session',
  session_crons: 'what will wake a session, the relay knows and not the session',
  elicitation_id: "it is the server's and PizzaPi's client's alone",
  requested_schema: 'people are asked for its fields one by one',
  requested_model: 'people choose a model by its id',
  prompt_cache_warm: 'no provider tells',
  cache_ttl: 'no provider tells',
  pricing: 'what a model costs is not told to plugins',
  prompt_cache_likely_expired: 'no provider tells',
  estimated_cache_write_usd: 'no provider tells',
} as const;
