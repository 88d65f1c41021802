import type { PluginList } from '@pizzapi/plugins';
import type { AttachmentFiles } from '../attachments/attachment-files.js';
import type { ChildRequests } from '../children/child-requests.js';
import type { McpPorts } from '../mcp/mcp-ports.js';
import type { HookSettings } from '../plugins/hooks/hook-settings.js';
import type { ProjectPluginSource } from '../plugins/trust/plugin-trust.js';
import type { SigilSource } from '../sigils/sigil-source.js';
import type { SubagentPorts } from '../subagents/subagent-ports.js';
import type { TriggerRequests } from '../triggers/trigger-requests.js';
import type { TunnelRequests } from '../tunnels/tunnel-requests.js';

/** What an agent has of the world around its session. What is left out it does without. */
export interface AgentPorts {
  /** Gives it the files of people's messages. */
  attachments?: AttachmentFiles;
  /** Gives it tools for triggers. */
  triggers?: TriggerRequests;
  /** Gives it tools for tunnels. */
  tunnels?: TunnelRequests;
  /** Gives it tools for child sessions, and for answering triggers. */
  children?: ChildRequests;
  /** Tells it before each turn which sigils it may write. */
  sigils?: SigilSource;
  /** Gives it what they bring. */
  plugins?: PluginList;
  /** The same, of those that people trust. */
  projectPlugins?: ProjectPluginSource;
  /** What the person says of plugins' hooks. */
  hooks?: HookSettings;
  /** How long the agent rests before hooks hear of it, in ms. Default: a minute. */
  idleAfterMs?: number;
  /** Gives it tools of MCP servers. */
  mcp?: McpPorts;
  /** Gives it the tool `subagent`. */
  subagents?: SubagentPorts;
}
