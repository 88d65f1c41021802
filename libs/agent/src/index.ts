export type { ApprovalLayer, ApprovalPolicy } from './approvals/approval-policy.js';
export type { AttachmentFiles } from './attachments/attachment-files.js';
export { AttachmentsAwayError } from './attachments/attachments-away-error.js';
export * from './errors/agent-error.js';
export { DeltaCoalescer, FRAME_MS, systemClock, type Clock } from './events/delta-coalescer.js';
export { sessionEvent } from './events/session-event.js';
export { outputBytes, outputTexts } from './outputs/output-text.js';
export type { McpPorts } from './mcp/mcp-ports.js';
export { DemoModel } from './models/demo-model.js';
export { listModels } from './models/list-models.js';
export type { SandboxSetup } from './sandbox/sandbox-setup.js';
export { findSessionFile } from './session-file/session-path.js';
export type { AgentHost, CloseReason } from './session/agent-host.js';
export type { AgentPorts } from './session/agent-ports.js';
export { openAgentSession, type OpenAgentSessionOptions } from './session/open-agent-session.js';
export {
  type AgentConsents,
  type ConsentedAgent,
  type SubagentPorts,
  SubagentSettings,
} from './subagents/subagent-ports.js';
export { HookSettings } from './plugins/hooks/hook-settings.js';
export { readPlugins, readPluginToTrust, readProjectPlugins } from './plugins/read-plugins.js';
export {
  type JudgedPlugin,
  type PluginTrust,
  type ProjectPluginSource,
  trustedPlugins,
} from './plugins/trust/plugin-trust.js';
