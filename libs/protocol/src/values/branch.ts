import { Type, type Static } from 'typebox';
import type { TranscriptKind } from './session.js';

/** Where in relation to an entry the conversation is to go on: before it, or at the end of its branch. */
export const BranchPoint = Type.Union([Type.Literal('before'), Type.Literal('end')]);
export type BranchPoint = Static<typeof BranchPoint>;

/** One way on from a fork, by its first entry. */
export interface BranchView {
  entryId: string;
  seq: number;
  kind: TranscriptKind;
  /** The beginning of what it says. */
  text: string;
  ts: string;
  /** The conversation goes this way now. */
  isCurrent: boolean;
}

/** An entry after which the conversation goes on in more than one way, or stands before those that it has. */
export interface ForkView {
  /** Null: the beginning of the conversation. */
  parentEntryId: string | null;
  /** The first entry of the branch on which it stands, among those of all forks; null: before any of them. Absent: an older relay. */
  within?: string | null;
  /** The conversation ends here now, and once went on. */
  isAhead: boolean;
  branches: BranchView[];
}
