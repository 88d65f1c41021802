/** What is known when a service's process has ended without being told to. */
export interface EndFacts {
  code: number | null;
  signal: string | null;
  /** Why the daemon ended it. */
  killedFor?: string;
  /** What it said itself. */
  failure?: { error: string; isFinal: boolean };
  uncaught?: string;
  /** The last that it wrote to stderr. */
  lastWords: string;
}

export interface ServiceEnd {
  error: string;
  /** Another start would fail alike, until the service's files change. */
  isFinal: boolean;
}

/** One sentence that says why it ended. */
export function judgeEnd({ code, signal, killedFor, failure, uncaught, lastWords }: EndFacts): ServiceEnd {
  const passing = (error: string): ServiceEnd => ({ error, isFinal: false });
  if (killedFor !== undefined) return passing(killedFor);
  if (failure) return failure;
  if (/heap out of memory/.test(lastWords)) return passing('ran out of memory (JavaScript heap out of memory)');
  if (uncaught !== undefined) return passing(`threw an error that nothing caught: ${uncaught}`);
  if (signal !== null) return passing(`was ended by ${signal}`);
  return passing(code === 0 ? 'ended by itself (exit code 0)' : `ended with exit code ${code}`);
}
