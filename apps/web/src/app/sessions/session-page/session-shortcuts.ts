import type { Command } from '../../core/commands';

/** What the keys of a session's page do; see also the composer's own. */
export interface SessionKeys {
  jumpToOwn(direction: -1 | 1): void;
  toEnd(): void;
  find(): void;
  compose(): void;
  details(): void;
  triggers(): void;
  approvals(): void;
  panels(): void;
  tunnels(): void;
  subscribe(): void;
}

export function sessionShortcuts(keys: SessionKeys): Command[] {
  const group = 'This session';
  return [
    { id: 'own-before', label: 'My previous message', group, combo: '[', run: () => keys.jumpToOwn(-1) },
    { id: 'own-after', label: 'My next message', group, combo: ']', run: () => keys.jumpToOwn(1) },
    { id: 'find', label: 'Find in this session', group, combo: '/', run: () => keys.find() },
    { id: 'to-end', label: 'Go to the end', group, combo: 'End', run: () => keys.toEnd() },
    { id: 'details', label: 'Show or hide details', group, combo: 'D', run: () => keys.details() },
    { id: 'triggers', label: 'Show or hide triggers', group, combo: 'T', run: () => keys.triggers() },
    { id: 'approvals', label: 'Show or hide approvals', group, combo: 'A', run: () => keys.approvals() },
    { id: 'panels', label: 'Show or hide panels', group, combo: 'P', run: () => keys.panels() },
    { id: 'tunnels', label: 'Show or hide tunnels', group, run: () => keys.tunnels() },
    { id: 'subscribe', label: 'Subscribe this session to a trigger', group, run: () => keys.subscribe() },
    { id: 'compose', label: 'Write a message', group, combo: 'I', run: () => keys.compose() },
  ];
}
