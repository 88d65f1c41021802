import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideX } from '@lucide/angular';
import type { RunnerView, SessionView } from '@pizzapi/protocol';
import { Avatar } from '../../../ui/avatar';
import { Copyable } from '../../../ui/copyable';
import { FocusFirst } from '../../../ui/focus-first';
import { IconButton } from '../../../ui/icon-button';
import { RelativeTime } from '../../../ui/relative-time';
import { folderText } from '../../session-state';
import { compactNumber, dollars } from '../conversation/number-words';
import type { SessionFacts } from '../session-facts';
import { InspectorDock } from './inspector-dock';

const COUNT = new Intl.NumberFormat('en');

/** Beside the session, or over it where there is less room: what is known of it beyond the conversation. */
@Component({
  selector: 'pz-session-inspector',
  imports: [Avatar, Copyable, FocusFirst, IconButton, LucideX, RelativeTime, RouterLink],
  host: {
    role: 'complementary',
    'aria-label': 'Details of this session',
    '[class.drawer]': 'dock.isDrawer()',
    '(keydown.escape)': 'closeDrawer($event)',
  },
  templateUrl: './session-inspector.html',
  styleUrl: './session-inspector.css',
})
export class SessionInspector {
  readonly session = input.required<SessionView>();
  readonly facts = input.required<SessionFacts>();
  readonly runner = input.required<RunnerView | undefined>();
  protected readonly dock = inject(InspectorDock);

  protected readonly folder = computed(() => folderText(this.session().cwd));
  protected readonly context = computed(() => {
    const usage = this.facts().usage();
    if (usage === null || usage.contextTokens === null || usage.contextWindow === 0) return null;
    const { contextTokens, contextWindow } = usage;
    return {
      percent: Math.min(100, (contextTokens / contextWindow) * 100),
      words: `${compactNumber(contextTokens)} of ${compactNumber(contextWindow)}`,
    };
  });
  protected readonly counts = computed(() => {
    const usage = this.facts().usage();
    if (usage === null) return [];
    return [
      { name: 'Input', value: COUNT.format(usage.input) },
      { name: 'Output', value: COUNT.format(usage.output) },
      { name: 'Read from cache', value: COUNT.format(usage.cacheRead) },
      { name: 'Written to cache', value: COUNT.format(usage.cacheWrite) },
      { name: 'Cost', value: dollars(usage.costUsd) },
    ];
  });
  protected readonly people = computed(() => [
    ...new Map(
      this.facts()
        .viewers()
        .map((viewer) => [viewer.userId, viewer]),
    ).values(),
  ]);

  protected closeDrawer(event: Event): void {
    if (!this.dock.isDrawer()) return;
    event.stopPropagation();
    this.dock.close();
  }
}
