import { join } from 'node:path';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { readJsonFile, removeFile, writePrivateFile } from '../files/private-file.js';

/**
 * Why a worker exited of its own will. A worker that leaves none has crashed. A file and not an exit code, because an
 * adopted worker is not the daemon's child and may end while no daemon runs.
 */
export const WorkerOutcome = Type.Object({
  epoch: Type.Integer(),
  reason: Type.Union([
    Type.Literal('stopped'),
    Type.Literal('superseded'),
    Type.Literal('shutdown'),
    Type.Literal('failed'),
    Type.Literal('paused'),
  ]),
  failure: Type.Optional(Type.Object({ code: Type.String(), detail: Type.String() })),
});
export type WorkerOutcome = Static<typeof WorkerOutcome>;
const validator = Compile(WorkerOutcome);

function outcomePath(workerStateDir: string, sessionId: string): string {
  return join(workerStateDir, `${sessionId}.outcome`);
}

export function writeOutcome(workerStateDir: string, sessionId: string, outcome: WorkerOutcome): void {
  writePrivateFile(outcomePath(workerStateDir, sessionId), JSON.stringify(outcome));
}

/** The outcome of that very start; an older one says nothing. */
export function readOutcome(workerStateDir: string, sessionId: string, epoch: number): WorkerOutcome | undefined {
  const value = readJsonFile(outcomePath(workerStateDir, sessionId));
  return validator.Check(value) && value.epoch === epoch ? value : undefined;
}

export function removeOutcome(workerStateDir: string, sessionId: string): void {
  removeFile(outcomePath(workerStateDir, sessionId));
}
