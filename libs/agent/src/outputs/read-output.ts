import type { SessionEntry, SessionManager } from '@earendil-works/pi-coding-agent';
import type { OutputPiece } from '@pizzapi/protocol';
import { EntryUnknownError, NoToolOutputError } from '../errors/agent-error.js';
import { outputBytes, outputTexts, sliceOutput } from './output-text.js';

/** As JSON at most 1.5 MiB, six bytes a character. */
const PIECE_LENGTH = 256 * 1024;

/** Entries never change. */
const sizes = new WeakMap<SessionEntry, number>();

/**
 * A piece of what a finished tool call put out, as the model saw it: only what stands in the session's file. A result may name another file
 * that has more (`fullOutputPath`), but the agent could have it name any.
 * @throws EntryUnknownError, NoToolOutputError
 */
export function readOutput(file: Pick<SessionManager, 'getEntry'>, entryId: string, from: number): OutputPiece {
  const entry = file.getEntry(entryId);
  if (!entry) throw new EntryUnknownError(entryId);
  if (entry.type !== 'message' || entry.message.role !== 'toolResult') throw new NoToolOutputError(entryId);
  const { text, isEnd } = sliceOutput(outputTexts(entry.message), from, PIECE_LENGTH);
  const bytes = sizes.get(entry) ?? outputBytes(entry.message);
  sizes.set(entry, bytes);
  return { text, next: isEnd ? null : from + text.length, bytes };
}
