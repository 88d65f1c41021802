import type { Readable } from 'node:stream';
import { LineSplitter } from './line-splitter.js';
import { OutputBudget } from './output-budget.js';
import type { ServiceLog } from './service-log.js';

/** A process that writes faster than its log takes is slowed down, or reading it would keep the daemon busy. */
const PAUSE_AFTER_BYTES = 1024 * 1024;
const PAUSE_MS = 10;
/** After this long without output, what was left out is told even if nothing follows. */
const SILENCE_MS = 1_000;

/** Writes what a process prints into its service's log, as far as the budget goes, and says what it left out. */
export function logOutput(
  output: Readable,
  stream: 'stdout' | 'stderr',
  log: ServiceLog,
  budget = new OutputBudget(),
): void {
  const lines = new LineSplitter();
  let ignored = 0;
  let silence: NodeJS.Timeout | undefined;
  const sayOmitted = (): void => {
    clearTimeout(silence);
    silence = undefined;
    const omitted = budget.takeOmitted();
    if (omitted > 0) log.write('runner', `left out ${omitted} bytes of its output: it writes more than its log takes`);
  };
  output.on('data', (bytes: Buffer) => {
    if (budget.take(bytes.length)) {
      sayOmitted();
      for (const line of lines.push(bytes)) log.write(stream, line);
      return;
    }
    silence ??= setTimeout(sayOmitted, SILENCE_MS);
    silence.refresh();
    ignored += bytes.length;
    if (ignored < PAUSE_AFTER_BYTES) return;
    ignored = 0;
    output.pause();
    setTimeout(() => output.resume(), PAUSE_MS);
  });
  output.once('end', () => {
    sayOmitted();
    for (const line of lines.end()) log.write(stream, line);
  });
}
