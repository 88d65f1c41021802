import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ModelList, type ModelInfo, ProblemCode } from '@pizzapi/protocol';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { providerEnvironment } from '../../config/agent-environment.js';
import { RequestRefusedError } from '../../relay-link/answering.js';
import { Refusal } from '../../relay-link/refusal.js';

const CHILD_ENTRY = fileURLToPath(new URL('./list-models.child.js', import.meta.url));
/** On a busy machine pi takes half of this just to load. The relay waits longer still, so that it gets our answer and its reason. */
const TIMEOUT_MS = 40_000;
const TOO_LATE = `pi did not list its models within ${TIMEOUT_MS / 1000} s; the machine may be busy. Ask again.`;
const validator = Compile(ModelList);
/** How Node tells the end of a child that it has run. */
const isEnd = Compile(Type.Object({ code: Type.Union([Type.Integer(), Type.String()]), stderr: Type.String() }));
const refusal = Compile(Type.Object({ problem: Refusal }));

/** pi ended without an answer. Its own words are left out, as they may quote a file that holds a key. */
export class ModelsUnlistedError extends Error {
  constructor(error: unknown, agentDir: string) {
    const { code, stderr } = isEnd.Check(error) ? error : { code: 'unknown', stderr: '' };
    const kind = /^(?:Uncaught )?(\w*Error)\b/m.exec(stderr)?.[1] ?? 'no known error';
    super(
      `pi could not list its models (exit code ${code}, ${kind}). Look at models.json and auth.json in ${agentDir}.`,
    );
    this.name = 'ModelsUnlistedError';
  }
}

/**
 * Asks pi for its models in a child of its own: pi, once loaded, would keep 100 MB of the daemon for good.
 * @throws RequestRefusedError when the models are not set up so that pi can read them
 * @throws ModelsUnlistedError when pi ends without an answer
 * @throws Error with words for a person when pi takes too long
 */
export async function listModelsInChild(agentDir: string): Promise<ModelInfo[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', CHILD_ENTRY, agentDir], {
    env: providerEnvironment(),
    timeout: TIMEOUT_MS,
    maxBuffer: 16 * 1024 * 1024,
  }).catch((error: unknown) => {
    throw isTimeout(error) ? new Error(TOO_LATE) : new ModelsUnlistedError(error, agentDir);
  });
  const value: unknown = JSON.parse(stdout.slice(stdout.lastIndexOf('\n', stdout.length - 2) + 1));
  if (refusal.Check(value)) throw new RequestRefusedError(ProblemCode.noModelConfigured, value.problem.detail);
  if (!validator.Check(value)) throw new Error('pi listed its models in an unknown form');
  return value.models;
}

/** Whether Node ended the child because its time was up. */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'killed' in error && error.killed === true;
}
