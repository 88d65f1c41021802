export { checkSandbox, type SandboxCheck, type SandboxGap } from './check/enforceable.js';
export {
  MovedFolderError,
  SandboxError,
  SandboxFileError,
  SandboxFloorError,
  SandboxHelperEndedError,
  SandboxStartError,
  SandboxUncheckedError,
  SecretFolderError,
} from './errors.js';
export { type Attempt, holdsFixed, judge, refuseSecretFolder, type SandboxRule } from './policy/judge.js';
export { realPath, type SandboxPlace, type SandboxPolicy, sandboxPolicy, stricterMode } from './policy/policy.js';
export { isWithin } from './policy/scope.js';
export type { Refusal } from './refusal.js';
export { readHere } from './read-here.js';
export { runHere } from './run-here.js';
export { SANDBOX_ENTRIES, type SandboxEntries, sandboxPrograms } from './launch/entries.js';
export type { CommandEnd } from './launch/helper-calls.js';
export { Sandbox, type ServedProgram } from './sandbox.js';
export type { SandboxOptions } from './sandbox-options.js';
export { toolEnvironment } from './tool-environment.js';
