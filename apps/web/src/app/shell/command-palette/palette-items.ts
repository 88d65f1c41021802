import type { RunnerView, SessionView } from '@pizzapi/protocol';
import type { Command } from '../../core/commands';
import { folderText, sessionName, sessionState } from '../../sessions/session-state';
import type { DotTone } from '../../ui/status-dot';

export interface PaletteItem {
  id: string;
  group: string;
  label: string;
  /** More about it: a folder, a platform. */
  note: string;
  combo?: string | undefined;
  dot?: { tone: DotTone; label: string };
  run: () => void;
}

export function commandItem(command: Command): PaletteItem {
  return {
    id: command.id,
    group: command.group,
    label: command.label,
    note: '',
    combo: command.combo,
    run: command.run,
  };
}

export function sessionItem(session: SessionView, runnerName: string, open: (url: string) => void): PaletteItem {
  return {
    id: session.sessionId,
    group: 'Sessions',
    label: sessionName(session),
    note: `${folderText(session.cwd)} · ${runnerName}`,
    dot: sessionState(session),
    run: () => open(`/s/${session.sessionId}`),
  };
}

/** A runner's pages, the first one by its name alone. */
export function runnerItems(runner: RunnerView, open: (url: string) => void): PaletteItem[] {
  const { runnerId, name, platform, online } = runner;
  const page = (path: string, label: string, note = ''): PaletteItem => ({
    id: `${runnerId}/${path}`,
    group: 'Runners',
    label,
    note,
    dot: online ? { tone: 'ok', label: 'online' } : { tone: 'away', label: 'away' },
    run: () => open(`/runners/${runnerId}/${path}`),
  });
  return [
    page('overview', name, platform),
    page('services', `Services of ${name}`),
    page('listeners', `Listeners of ${name}`),
  ];
}

/** Items whose label or note holds every word of the query, best first: those whose label begins with it. */
export function matching(items: readonly PaletteItem[], query: string): PaletteItem[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (item: PaletteItem): string => `${item.label} ${item.note}`.toLowerCase();
  const found = items.filter((item) => words.every((word) => text(item).includes(word)));
  const isPrefix = (item: PaletteItem): number => (item.label.toLowerCase().startsWith(words[0] ?? '') ? 0 : 1);
  return found.sort((a, b) => isPrefix(a) - isPrefix(b));
}
