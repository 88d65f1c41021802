import { homedir } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import {
  createBashToolDefinition,
  createEditToolDefinition,
  createFindToolDefinition,
  createGrepToolDefinition,
  createLsToolDefinition,
  createReadToolDefinition,
  createWriteToolDefinition,
  defineTool,
  type ExtensionContext,
  type SettingsManager,
  type ToolDefinition,
} from '@earendil-works/pi-coding-agent';
import type { Sandbox } from '@pizzapi/sandbox';
import type { TSchema } from 'typebox';
import { fileOperations, type FileOperations } from './file-operations.js';
import { findFiles, grep } from './search.js';
import { shellOperations } from './shell-operations.js';
import type { Violation, ViolationLog } from './violation-log.js';

/**
 * pi's own tools, by their own names, with hands in the sandbox: they take the place of those that pi brings.
 * @param mark goes into the environment of commands
 */
export function sandboxTools(
  sandbox: Sandbox,
  { cwd, mark }: { cwd: string; mark: Record<string, string> },
  settings: SettingsManager,
  log: ViolationLog,
): ToolDefinition[] {
  const shellPath = settings.getShellPath();
  const commandPrefix = settings.getShellCommandPrefix();
  const files = (note: Note): FileOperations => fileOperations(sandbox, note);
  return [
    perCall(cwd, log, (note) =>
      createBashToolDefinition(cwd, {
        operations: shellOperations(sandbox, { shellPath, mark }, note),
        ...(commandPrefix !== undefined && { commandPrefix }),
      }),
    ),
    perCall(cwd, log, (note) =>
      createReadToolDefinition(cwd, {
        operations: files(note).read,
        autoResizeImages: settings.getImageAutoResize(),
      }),
    ),
    perCall(cwd, log, (note) => createWriteToolDefinition(cwd, { operations: files(note).write })),
    perCall(cwd, log, (note) => createEditToolDefinition(cwd, { operations: files(note).edit })),
    perCall(cwd, log, (note) => createLsToolDefinition(cwd, { operations: files(note).ls })),
    perCall(cwd, log, (note, signal) =>
      createFindToolDefinition(cwd, {
        operations: {
          ...files(note).find,
          glob: (pattern, folder, { limit }) => findFiles(sandbox, pattern, folder, { limit, signal }),
        },
      }),
    ),
    perCall(cwd, log, (note): GrepDefinition => ({
      ...createGrepToolDefinition(cwd),
      execute: async (_toolCallId, input, signal) => {
        const path = absolute(input.path ?? '.', cwd);
        files(note).check('read', path);
        return grep(sandbox, path, input, signal);
      },
    })),
  ];
}

type GrepDefinition = ReturnType<typeof createGrepToolDefinition>;
type Note = (violation: Violation) => void;

/** A tool whose violations are known to be its call's: each call has operations of its own. */
function perCall<Parameters extends TSchema, Details, State>(
  cwd: string,
  log: ViolationLog,
  make: (note: Note, signal?: AbortSignal) => ToolDefinition<Parameters, Details, State>,
): ToolDefinition {
  const definition = make(() => undefined);
  return defineTool({
    ...definition,
    execute: (toolCallId, input, signal, onUpdate, context) =>
      log.during(toolCallId, definition.name, () =>
        make((violation) => log.note(toolCallId, violation), signal).execute(
          toolCallId,
          input,
          signal,
          onUpdate,
          inFolder(context, cwd),
        ),
      ),
  });
}

/** pi takes a call's folder from its context, which is the session's also where a subagent works in another. */
function inFolder(context: ExtensionContext, cwd: string): ExtensionContext {
  return context.cwd === cwd ? context : { ...context, cwd };
}

function absolute(path: string, cwd: string): string {
  const expanded = path === '~' || path.startsWith('~/') ? homedir() + path.slice(1) : path;
  return isAbsolute(expanded) ? expanded : resolve(cwd, expanded);
}
