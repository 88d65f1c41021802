export { localPrograms } from './connect/local-program.js';
export type { Program, ProgramOrder, StartProgram } from './connect/program.js';
export type { CallOptions, ConnectionOptions } from './connect/server-connection.js';
export { McpServers, type ServerState, type ServerTool } from './mcp-servers.js';
export { variablesIn } from './settings/expand-variables.js';
export {
  type McpServer,
  type ReadServerFile,
  readServers,
  type ServerFile,
  type ServerList,
  type ServerProblem,
} from './settings/read-servers.js';
export { isStdio } from './settings/server-settings.js';
export type { ResultBlock, ToolResult } from './tools/tool-result.js';
