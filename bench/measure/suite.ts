import type { Figure } from './figure.js';

export interface Suite {
  name: string;
  /** How long it may take; a suite that needs longer is ended and counts as failed. */
  budgetS: number;
  run: (context: SuiteContext) => Promise<Figure[]>;
}

export interface SuiteContext {
  /** An empty folder for this suite, removed afterwards. */
  folder: string;
  /** Says what is being done, for whoever waits. */
  say: (text: string) => void;
}
