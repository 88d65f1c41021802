import { Injectable } from '@nestjs/common';
import { outsideRootsText, ProblemCode } from '@pizzapi/protocol';
import { ProblemError } from '../../../platform/http/problem.error.js';
import { AskRunner } from '../connection/ask-runner.js';
import type { RunnerEntity } from '../runner.entity.js';
import { isInsideByName } from './inside-by-name.js';

/** Refuses a folder that the runner would refuse, before anything is stored that is bound to fail. */
@Injectable()
export class CheckFolder {
  constructor(private readonly askRunner: AskRunner) {}

  /**
   * Compares the path with the roots that the runner has announced, which are real paths. A link outside of them may lead inside, so for
   * such a path the runner itself is asked; while it is away, only the name counts.
   * @throws ProblemError `folder_outside_roots`, or what the runner answers, such as `folder_missing`
   */
  async run({ runnerId, roots }: Pick<RunnerEntity, 'runnerId' | 'roots'>, path: string): Promise<void> {
    const isAbsolute = path.startsWith('/');
    if (isAbsolute && isInsideByName(path, roots)) return;
    const refusal = new ProblemError(422, ProblemCode.folderOutsideRoots, outsideRootsText(path, roots));
    if (!isAbsolute) throw refusal;
    try {
      // What is in it does not matter.
      await this.askRunner.folders(runnerId, { path, limit: 1 });
    } catch (error) {
      throw error instanceof ProblemError && error.code === ProblemCode.runnerOffline ? refusal : error;
    }
  }
}
