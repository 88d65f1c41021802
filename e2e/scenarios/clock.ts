import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Settings of a process, and of those that it starts, whose clock is off by so much. */
export async function clockOffBy(folder: string, ms: number): Promise<Record<string, string>> {
  const file = join(folder, `clock-${ms}.mjs`);
  await writeFile(
    file,
    `const Real = Date;
globalThis.Date = class Date extends Real {
  constructor(...args) {
    if (args.length === 0) super(Real.now() + ${ms});
    else super(...args);
  }
  static now() {
    return Real.now() + ${ms};
  }
};
`,
  );
  return { NODE_OPTIONS: `--import=${file}` };
}
