export { localPrograms } from './connect/local-program.js';
export type { Program, ProgramOrder, StartProgram } from './connect/program.js';
export type { CallOptions, ConnectionOptions } from './connect/server-connection.js';
export type { AskPerson, ServerAnswer, ServerQuestion } from './connect/server-requests.js';
export { McpServers, type ServerState } from './mcp-servers.js';
export { hintOf, type ServerPrompt } from './prompts/prompt-arguments.js';
export type { LendModel, ModelAnswer, ModelRequest } from './questions/model-request.js';
export { type FieldValue, type QuestionField, valueIn } from './questions/question-fields.js';
export type { ServerResource } from './resources/server-resource.js';
export { variablesIn } from './settings/expand-variables.js';
export {
  type McpServer,
  type ReadServerFile,
  readServers,
  serverName,
  type ServerFile,
  type ServerList,
  type ServerProblem,
} from './settings/read-servers.js';
export { isStdio } from './settings/server-settings.js';
export type { ServerTool } from './tools/offered-tools.js';
export type { ResultBlock, ToolResult } from './tools/tool-result.js';
