/** A program that speaks over its input and output. */
export interface Program {
  /** It is gone; `how` in words, with the end of what it wrote to its error stream. */
  ended: Promise<string>;
  write(chunk: string): void;
  /** Ends it and what it started. */
  kill(): void;
}

export interface ProgramOrder {
  command: string;
  args: string[];
  cwd: string;
  /** What it gets besides the environment of a session's tools. */
  env: Record<string, string>;
}

/** Starts programs for a session's servers: behind the session's wall where there is one. */
export type StartProgram = (order: ProgramOrder, onOutput: (chunk: Buffer) => void) => Promise<Program>;
