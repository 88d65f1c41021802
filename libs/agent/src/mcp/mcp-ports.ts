import type { ServerList } from '@pizzapi/mcp';
import type { PluginTrust } from '../plugins/trust/plugin-trust.js';

/** What a session needs for its MCP servers. */
export interface McpPorts {
  list: ServerList;
  /** What people answered about a project's file of servers; as about its plugins. */
  trust: PluginTrust;
  /** What `${NAME}` in settings stands for. */
  env: NodeJS.ProcessEnv;
  /** What servers' programs get where no sandbox is around them. */
  programEnvironment: () => NodeJS.ProcessEnv;
  /** The product's, as servers are told it. */
  version: string;
}
