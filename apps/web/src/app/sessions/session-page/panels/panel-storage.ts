import { isListOf, isRecord } from '../../../core/shape';

const STORAGE_KEY = 'pizzapi.panels';
/** Sessions beyond these are forgotten, those changed longest ago first. */
const MAX_SESSIONS = 60;

/** A panel that a person has open beside a session. */
export interface OpenPanel {
  readonly serviceId: string;
  /** In CSS pixels. */
  readonly height: number;
}

export function readPanels(sessionId: string): readonly OpenPanel[] {
  return new Map(readAll()).get(sessionId) ?? [];
}

export function writePanels(sessionId: string, panels: readonly OpenPanel[]): void {
  const others = readAll().filter(([id]) => id !== sessionId);
  const all = panels.length > 0 ? [...others, [sessionId, panels]] : others;
  localStorage.setItem(STORAGE_KEY, JSON.stringify(all.slice(-MAX_SESSIONS)));
}

function readAll(): [string, readonly OpenPanel[]][] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isEntry) : [];
  } catch {
    // Damaged or written by something else: no panel is open then.
    return [];
  }
}

function isEntry(value: unknown): value is [string, readonly OpenPanel[]] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && isListOf(value[1], isOpenPanel);
}

function isOpenPanel(value: unknown): value is OpenPanel {
  return isRecord(value) && typeof value['serviceId'] === 'string' && typeof value['height'] === 'number';
}
