import { Component, computed, inject, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ModelInfo, ModelRef, RunnerView, SessionView } from '@pizzapi/protocol';
import { Avatar } from '../../../ui/avatar';
import { Copyable } from '../../../ui/copyable';
import { RelativeTime } from '../../../ui/relative-time';
import { folderText, isLive, sessionName } from '../../session-state';
import { compactNumber, dollars } from '../conversation/number-words';
import { SessionFamily } from '../family/session-family';
import { ModelSwitch } from '../header/model-switch';
import { McpSection } from '../mcp/mcp-section';
import { PluginsSection } from '../plugins/plugins-section';
import { SandboxSection } from '../sandbox/sandbox-section';
import type { SessionFacts } from '../session-facts';
import { ForkOrigin } from './fork-origin';
import { InspectorDock } from './inspector-dock';
import { SessionOrigin } from './session-origin';

const COUNT = new Intl.NumberFormat('en');

/** What is known about a session besides its conversation. */
@Component({
  selector: 'pz-session-details',
  imports: [
    Avatar,
    Copyable,
    ForkOrigin,
    McpSection,
    ModelSwitch,
    PluginsSection,
    RelativeTime,
    RouterLink,
    SandboxSection,
    SessionOrigin,
  ],
  templateUrl: './session-details.html',
  styleUrl: './session-details.css',
})
export class SessionDetails {
  readonly session = input.required<SessionView>();
  readonly facts = input.required<SessionFacts>();
  readonly runner = input.required<RunnerView | undefined>();
  readonly loadModels = input.required<() => Promise<readonly ModelInfo[]>>();
  readonly modelChosen = output<ModelRef>();
  /** Asks to go to the entry with this sequence number. */
  readonly shown = output<number>();

  private readonly family = inject(SessionFamily);
  /** On a phone the header has no room for the switch. */
  protected readonly hasSwitch = inject(InspectorDock).isNarrow;
  protected readonly isLive = computed(() => isLive(this.session()));
  protected readonly parentName = computed(() => {
    const parent = this.family.parent();
    return parent ? sessionName(parent) : 'another session';
  });
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
}
