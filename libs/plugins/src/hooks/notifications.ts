/** Claude Code's kinds of notifications, and when they come here. `docs/plugins.md` says the same, which a test holds it to. */
export const NOTIFICATIONS = {
  permission_prompt: 'at once when a person is asked about a call',
  idle_prompt: 'when the agent has rested for 60 s after a turn; not where its worker is unloaded earlier',
  agent_needs_input: 'when the agent, or a subagent, asks its person something or proposes a plan',
  elicitation_dialog: 'when an MCP server asks for values or for a yes',
  elicitation_url_dialog: 'when an MCP server asks people to open an address',
  elicitation_response: 'when an MCP server gets its answer, also a no',
} as const;

export type NotificationKind = keyof typeof NOTIFICATIONS;

/** Why the others never come. */
export const UNSENT_NOTIFICATIONS = {
  elicitation_complete: 'what a server says of an address once it was opened is not heard',
  auth_success: 'nobody signs in from a session',
  agent_completed:
    "a child session's end reaches its parent's agent as a trigger, about which `UserPromptSubmit` is asked",
  quota_auto_resume_fired: 'nothing waits for the limit of a plan',
  quota_auto_resume_stale: 'nothing waits for the limit of a plan',
  quota_auto_resume_disabled: 'nothing waits for the limit of a plan',
} as const;
