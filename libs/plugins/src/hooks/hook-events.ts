import { NOTIFICATIONS } from './notifications.js';

/** What a hook's matcher is compared with. */
export type MatchedField =
  | 'tool_name'
  | 'source'
  | 'reason'
  | 'trigger'
  | 'agent_type'
  | 'notification_type'
  | 'error'
  | 'command_name'
  | 'to_model'
  | 'mcp_server_name';

/** An event that happens here, too. */
interface MappedEvent {
  /** When it happens here. */
  at: string;
  /** Null: a matcher is not heeded. */
  matched: MatchedField | null;
  /** What becomes of exit code 2, and of `"decision": "block"`, which is the same but for {@link denies}. */
  blocks: string;
  /** Whether exit code 2 and `"decision": "block"` say no. Default: they do. */
  heedsVeto?: boolean;
  /** Whether `"continue": false` ends a turn. Default: it does. */
  endsTurn?: boolean;
  /** All values that {@link matched} has here. Without it: whatever comes. */
  values?: readonly string[];
  /** Whether plain text of a hook that succeeds is read by the model. */
  readsText?: boolean;
  /** Seconds a hook has unless it says otherwise. */
  timeoutS?: number;
  /** Seconds that it may ask for at most. */
  maxTimeoutS?: number;
}

/** One that never does. */
interface AbsentEvent {
  at: null;
  why: string;
}

export type HookEventRow = MappedEvent | AbsentEvent;

const absent = (why: string): AbsentEvent => ({ at: null, why });

/** Seconds that a hook has unless it or its event says otherwise. */
export const STANDARD_TIMEOUT_S = 600;
/** What a model has that a hook asks. */
export const PROMPT_TIMEOUT_S = 30;
/** What a subagent has that looks for a hook. */
export const AGENT_TIMEOUT_S = 60;
/** What a hook may ask for at most. */
export const MAX_TIMEOUT_S = 3_600;

/** Why a model did not answer, in Claude Code's words, as far as providers say. */
export const ERROR_KINDS = [
  'rate_limit',
  'overloaded',
  'authentication_failed',
  'billing_error',
  'invalid_request',
  'model_not_found',
  'server_error',
  'unknown',
] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

/**
 * Every event of Claude Code's hooks, as its reference lists them (November 2026), and what it is here. The table in `docs/plugins.md` is
 * this one, which a test holds it to.
 */
export const HOOK_EVENTS = {
  SessionStart: {
    at: "before the first turn of a session's worker; `startup` for a new session, `resume` for one that goes on, `compact` after a compaction",
    matched: 'source',
    values: ['startup', 'resume', 'compact'],
    blocks: 'shown to people',
    readsText: true,
  },
  UserPromptSubmit: {
    at: 'before a turn begins, whoever asked for it (`input`), and before what is said into a running one reaches the agent',
    matched: null,
    blocks: 'it does not reach the agent, people are told why',
    readsText: true,
    timeoutS: 30,
  },
  UserPromptExpansion: {
    at: "before a plugin's command, or a prompt of an MCP server, becomes what it says (`input`)",
    matched: 'command_name',
    blocks: 'the turn does not begin, people are told why',
    readsText: true,
  },
  PreToolUse: {
    at: "before a tool call of the session or a subagent, ahead of the person's rules (`tool_call`)",
    matched: 'tool_name',
    blocks: 'the call does not run, the model is told why',
  },
  PermissionRequest: {
    at: 'before a rule or a hook has a person asked about a call',
    matched: 'tool_name',
    heedsVeto: false,
    blocks: 'nothing, as with Claude Code: people are told, and asked; only `hookSpecificOutput.decision` says no',
  },
  PostToolUse: {
    at: 'after a call of the session or a subagent that went well (`tool_result`)',
    matched: 'tool_name',
    blocks: 'the model is told with the result',
  },
  PostToolUseFailure: {
    at: 'after a call of the session or a subagent that failed (`tool_result`)',
    matched: 'tool_name',
    blocks: 'the model is told with the result',
  },
  PostToolBatch: {
    at: 'after all calls of one answer (`turn_end`)',
    matched: null,
    blocks: 'the turn ends, people are told why',
  },
  Notification: {
    at: 'when people should look at the session: the kinds below',
    matched: 'notification_type',
    values: Object.keys(NOTIFICATIONS),
    endsTurn: false,
    blocks: 'shown to people',
  },
  Elicitation: {
    at: 'before an MCP server asks people for something',
    matched: 'mcp_server_name',
    blocks: 'the server gets a no, nobody is asked, people are told why',
  },
  ElicitationResult: {
    at: 'after people have answered an MCP server',
    matched: 'mcp_server_name',
    blocks: 'the server gets a no in the place of the answer, people are told why',
  },
  SubagentStart: {
    at: 'before a subagent starts; its context goes to the subagent',
    matched: 'agent_type',
    blocks: 'shown to people',
  },
  SubagentStop: {
    at: 'after a subagent has ended',
    matched: 'agent_type',
    blocks: 'shown to people: its process has ended and cannot go on',
  },
  Stop: {
    at: 'when a turn is done (`agent_before_settle`)',
    matched: null,
    blocks: 'the turn goes on with what it says, eight times in a row at most without a call of a tool',
  },
  StopFailure: {
    at: 'when a turn ends by an error of the model (`agent_before_settle`)',
    matched: 'error',
    values: ERROR_KINDS,
    endsTurn: false,
    blocks: 'nothing',
  },
  PreCompact: {
    at: 'before a compaction (`session_before_compact`)',
    matched: 'trigger',
    values: ['manual', 'auto'],
    blocks: 'nothing is compacted, people are told why',
  },
  PostCompact: {
    at: 'after a compaction (`session_compact`)',
    matched: 'trigger',
    values: ['manual', 'auto'],
    endsTurn: false,
    blocks: 'shown to people',
  },
  PostModelSwitch: {
    at: 'after somebody has chosen another model (`model_select`); nothing waits for it',
    matched: 'to_model',
    endsTurn: false,
    blocks: 'shown to people',
    readsText: true,
    timeoutS: 30,
  },
  SessionEnd: {
    at: "when a session's worker ends, also to rest (`session_shutdown`); the reason is always `other`",
    matched: 'reason',
    values: ['other'],
    endsTurn: false,
    blocks: 'shown to people',
    timeoutS: 1.5,
    maxTimeoutS: 1.5,
  },
  Setup: absent('sessions have no run that only prepares'),
  PermissionDenied: absent('no classifier decides about calls'),
  PreModelSwitch: absent("a person's choice of a model is not asked about"),
  MessageDisplay: absent('the console draws messages itself'),
  TeammateIdle: absent('there are no teams of agents'),
  TaskCreated: absent('there is no list of tasks'),
  TaskCompleted: absent('there is no list of tasks'),
  InstructionsLoaded: absent('pi loads instructions before any hook could run'),
  ConfigChange: absent("settings are read when a session's worker starts"),
  CwdChanged: absent("a session's folder never changes"),
  DirectoryAdded: absent('a session has one folder'),
  FileChanged: absent('files are not watched'),
  WorktreeCreate: absent('worktrees are not made by sessions'),
  WorktreeRemove: absent('worktrees are not made by sessions'),
} as const satisfies Record<string, HookEventRow>;

export type AnyHookEvent = keyof typeof HOOK_EVENTS;

/** An event that happens here. */
export type HookEvent = {
  [Name in AnyHookEvent]: (typeof HOOK_EVENTS)[Name] extends MappedEvent ? Name : never;
}[AnyHookEvent];

export function isHookEvent(name: string): name is HookEvent {
  return isKnownEvent(name) && HOOK_EVENTS[name].at !== null;
}

export function isKnownEvent(name: string): name is AnyHookEvent {
  return Object.hasOwn(HOOK_EVENTS, name);
}

/** Those that are about a call, which an `if` may be about. */
export const CALL_EVENTS: ReadonlySet<HookEvent> = new Set([
  'PreToolUse',
  'PermissionRequest',
  'PostToolUse',
  'PostToolUseFailure',
]);

/** With the fields that only some have. */
export function hookEvent(name: HookEvent): MappedEvent {
  return HOOK_EVENTS[name];
}
