import type { HookEvent } from './hook-events.js';
import type { HookWork } from './hook.js';

/** What hooks may be. `docs/plugins.md` says the same, which a test holds it to. */
export const HOOK_TYPES = {
  command: 'a line of shell, or with `args` a program',
  http: 'the JSON is posted to `url`, from where the tools run. What is answered with 2xx is read as what a command printed; of any other answer, or none, people are told, and nothing is held up. In `headers`, `$NAME` stands for a variable that `allowedEnvVars` names and the tools have; redirects are not followed',
  prompt:
    'a model is asked once, with the JSON in the place of `$ARGUMENTS` or behind the `prompt`: the one that `model` names, where it is set up, otherwise the session’s. `{"ok": false, "reason": …}` is as exit code 2, and at `PreToolUse` and `PostToolUse` it ends the turn besides, unless the hook says `"continueOnBlock": true`; its tokens are the session’s. With `"impossible": true` besides, `Stop` and `SubagentStop` are let pass. For `PreToolUse`, `PostToolUse`, `PostToolUseFailure`, `PostToolBatch`, `UserPromptSubmit`, `UserPromptExpansion`, `Stop` and `SubagentStop`',
  agent:
    'as `prompt` with `continueOnBlock`, by a [subagent](subagents.md) that looks for itself with `read`, `grep`, `find`, `ls` and `bash`, in the session’s sandbox and by its rules: for 60 s unless it says otherwise, in which the time does not count that a person takes to answer, and 50 turns at most. What it did is told in the conversation. Hooks of the types `agent` and `mcp_tool` do not see its calls',
  mcp_tool:
    'a `tool` of an [MCP server](mcp.md) of the session is called with `input`, in whose texts `${tool_input.file_path}` stands for that part of the JSON. Its text is read as what a command printed. It is not called where the rules, or other plugins’ `PreToolUse` hooks, ask about it or deny it',
} as const satisfies Record<HookWork['type'], string>;

/** What a model may be asked about, because its yes or no changes something. */
export const PROMPT_EVENTS: ReadonlySet<HookEvent> = new Set([
  'PreToolUse',
  'PostToolUse',
  'PostToolUseFailure',
  'PostToolBatch',
  'UserPromptSubmit',
  'UserPromptExpansion',
  'Stop',
  'SubagentStop',
]);

/** Events that a broken hook blocks where the person says so: what has not happened yet, and what people or the model can do without. */
export const CLOSING_EVENTS: ReadonlySet<HookEvent> = new Set([
  'PreToolUse',
  'PermissionRequest',
  'UserPromptSubmit',
  'UserPromptExpansion',
]);

/** What a hook may say of itself besides its type. `docs/plugins.md` says the same, which a test holds it to. */
export const HANDLER_FIELDS = {
  if: 'a rule such as `Bash(git push *)` or `mcp__memory__*` that the call has to fit; where no call happens a hook with it is not run, as with Claude Code, and listed',
  timeout: 'seconds, an hour at most; also with `async`',
  statusMessage: 'people read it in the conversation while the hook is waited for',
  once: 'nothing, and listed: it counts in the frontmatter of skills alone, also with Claude Code, and hooks in skills are not run',
  async:
    'nobody waits for the command: it holds nothing up, people are told what it says when it has ended, the model with the next turn',
  asyncRewake:
    'as `async`, and exit code 2 wakes the agent with its error stream, or else with what it printed: a turn begins, or the one that runs reads it before its next call of the model. Eight times in a row at most, without a call of a tool or anything else that is said. The session’s worker is not unloaded while such a hook runs; when a person stops the turn, it ends',
  rewakeMessage: 'stands before what `asyncRewake` tells the model',
  rewakeSummary: 'people are told it with `asyncRewake`',
  shell: '`bash`; a hook that wants another is not run, and listed',
  continueOnBlock: 'of a `prompt`: a no tells the model why, and the turn goes on',
  onFailure: 'PizzaPi’s own: `"block"` has a broken hook say no, see above',
} as const;

/** What a hook's exit means, whatever the event. `docs/plugins.md` says the same, which a test holds it to. */
export const HOOK_EXITS = {
  '0': 'what it printed is read: JSON as below; plain text by the model where the event says so, otherwise by nobody',
  '2': 'it blocks, as the event says, whatever JSON it printed: with the reason of that where it blocks as well, otherwise with what it wrote to its error stream',
  'any other':
    'JSON as below decides alone; where there is none people are told, with the first line of its error stream, and nothing is held up',
  'none within its time': 'it is ended with all processes of its group, people are told; nothing is held up',
  'more than 1 MB printed': 'it is ended with all processes of its group, people are told; nothing is held up',
  'none, it cannot be started': 'people are told; nothing is held up',
} as const;

/** What of a hook's JSON is followed. A field that is none of these is named in the session. */
export const HOOK_ANSWERS = {
  continue:
    '`false` ends the turn; nothing at `Notification`, `StopFailure`, `PostCompact`, `PostModelSwitch` and `SessionEnd`, as with Claude Code',
  stopReason: 'people are told it with `continue`',
  suppressOutput: 'nothing: what a hook prints is shown to nobody anyway',
  systemMessage: 'people are told',
  decision: '`block` is as exit code 2; `approve`, an older word for `allow`, as that',
  reason: 'goes with `decision`',
  'hookSpecificOutput.hookEventName': 'where it names another event, the rest is not followed, and people are told',
  'hookSpecificOutput.permissionDecision':
    '`deny`: the call does not run; `ask`: a person is asked, every time; `allow`: lets nothing pass that the rules ask about or deny. Of several hooks the strictest counts',
  'hookSpecificOutput.permissionDecisionReason': 'the model is told why not, or the person why they are asked',
  'hookSpecificOutput.updatedInput': "takes the place of the call's arguments, before the rules look at them",
  'hookSpecificOutput.additionalContext': 'the model is told: with the result of a call, or before the turn',
  'hookSpecificOutput.updatedToolOutput':
    'takes the place of what the model reads of the result: a text, or the text in the form that the tool gives (`stdout`, `file.content`, blocks)',
  'hookSpecificOutput.updatedMCPToolOutput': 'as `updatedToolOutput`',
  'hookSpecificOutput.decision':
    '`behavior` `deny`, with `message`: the call does not run, and with `interrupt` the turn ends; `allow` lets nothing pass',
  'hookSpecificOutput.sessionTitle': 'names the session',
  'hookSpecificOutput.action':
    '`decline` or `cancel`: an MCP server gets it as the answer to its question; `accept` is not followed: a person says yes, no hook does',
} as const;

/** Why Claude Code's other answers are not followed. */
export const UNFOLLOWED_ANSWERS = {
  'permissionDecision: defer': 'no program waits that could run the call instead',
  'decision.updatedInput': 'a person decides about what they are shown',
  'decision.updatedPermissions': "only the person's own files say what may run",
  initialUserMessage: 'a turn begins by a person or a trigger',
  suppressOriginalPrompt: 'what was said stays in the session, for those who may read it',
  watchPaths: 'files are not watched',
  reloadSkills: "skills are read when a session's worker starts",
  retry: 'calls are not repeated by themselves',
  classifierContext: 'no classifier decides about calls',
  displayContent: 'the console draws messages itself',
  terminalSequence: 'there is no terminal',
  worktreePath: 'worktrees are not made by sessions',
  content: "a person answers servers' questions, no hook does",
} as const;
