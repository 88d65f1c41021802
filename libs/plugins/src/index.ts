export { discoverPlugins, type PluginPlaces } from './discover-plugins.js';
export { installedPlugins } from './installed-plugins.js';
export { readSmallFile, UnreadableFileError } from './small-file.js';
export { type CommandPart, fillCommand, type ShellPart } from './fill-command.js';
export type { HookOwner, OwnedHook, PluginHook } from './hooks/hook.js';
export type { HookEnd } from './hooks/hook-answer.js';
export { type ErrorKind, HOOK_EVENTS, type HookEvent, isHookEvent } from './hooks/hook-events.js';
export type { NotificationKind } from './hooks/notifications.js';
export { EFFORT_EVENTS, HOOK_FIELDS } from './hooks/hook-fields.js';
export { HANDLER_FIELDS, HOOK_ANSWERS, HOOK_TYPES } from './hooks/hook-tables.js';
export type { HookHands } from './hooks/do-work.js';
export type { HookOrder, StartHook } from './hooks/hook-order.js';
export { type HookOccasion, type HookRemark, type HooksAnswer, type HookWake, runHooks } from './hooks/run-hooks.js';
export type {
  FrontmatterParser,
  InstalledPlugin,
  Plugin,
  PluginCommand,
  PluginList,
  PluginProblem,
  PluginRule,
  ProjectInstall,
} from './plugin.js';
export { isAbout } from './rules.js';
export { type ClaudeCall, claudeNames, fromClaude, piTool, toClaude, toClaudeResponse } from './tools/claude-tools.js';
export { coversAllOf } from './tools/tool-rule.js';
export { hookText, type ServerText } from './trust/plugin-card.js';
export {
  discoverProjectPlugins,
  isUnchanged,
  type ProjectPlaces,
  type ProjectPlugin,
  type ProjectPlugins,
  type ProjectReader,
  readProjectPlugin,
  type ServerFileText,
} from './trust/project-plugins.js';
export { isInside, isRecord } from './manifest.js';
