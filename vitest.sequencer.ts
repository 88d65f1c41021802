import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest: the files that start whole products, and those with turns and faults in real time. */
const SLOW = [
  /\/apps\/runner\/src\/[^/]+\.int-spec/,
  /\/(subagents?|sandbox|escape|recovery)[\w-]*\.int-spec/,
  /console-|survive/,
];

/** Slow files first, so that the workers of a suite come to their ends together. In a fresh clone Vitest knows no times, and goes by size. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isSlow = ({ moduleId }: TestSpecification): boolean => SLOW.some((pattern) => pattern.test(moduleId));
    const sorted = await super.sort(files);
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}
