import { Service, signal } from '@angular/core';
import type { SessionView } from '@pizzapi/protocol';

const STORAGE_KEY = 'pizzapi.seen';
/** Old marks go first: a session far down the list that changes again counts as new. */
const MAX_MARKS = 2000;

/** Up to which event this browser has seen each session. */
@Service()
export class SeenMarks {
  private readonly marks = signal<ReadonlyMap<string, number>>(readMarks());
  /** Sessions older than this visit that were never opened here are not news. */
  private readonly since = new Date().toISOString();

  /** Unread: it has changed since it was last open here, and is not still working. */
  isUnread(session: SessionView): boolean {
    if (session.activity === 'working' || session.lastEventSeq === 0) return false;
    const seen = this.marks().get(session.sessionId);
    return seen === undefined ? session.updatedAt > this.since : session.lastEventSeq > seen;
  }

  markSeen(sessionId: string, seq: number): void {
    if ((this.marks().get(sessionId) ?? -1) >= seq) return;
    const marks = new Map(this.marks());
    // Deleted first, so that the entry moves to the end: the map's order is by use.
    marks.delete(sessionId);
    marks.set(sessionId, seq);
    const kept = new Map([...marks].slice(-MAX_MARKS));
    this.marks.set(kept);
    localStorage.setItem(STORAGE_KEY, JSON.stringify([...kept]));
  }
}

function readMarks(): ReadonlyMap<string, number> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    return new Map(Array.isArray(stored) ? stored.filter(isMark) : []);
  } catch {
    // Damaged or written by something else: only the marks are lost.
    return new Map();
  }
}

function isMark(value: unknown): value is [string, number] {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number';
}
