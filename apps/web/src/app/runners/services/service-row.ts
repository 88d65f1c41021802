import { Component, computed, input, output } from '@angular/core';
import { LucideRotateCw, LucideScrollText } from '@lucide/angular';
import type { PanelDef, ServiceInfo, TriggerDef } from '@pizzapi/protocol';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { FactLine } from '../../ui/fact-line';
import { LucideIcon } from '../../ui/lucide-icon';
import { RelativeTime } from '../../ui/relative-time';
import { StatusDot } from '../../ui/status-dot';
import { Switch } from '../../ui/switch';
import { serviceFault } from './service-fault';
import { serviceState } from './service-state';

/** One service of a runner: how it is, what it offers, and what can be done to it. */
@Component({
  selector: 'pz-service-row',
  imports: [Badge, Button, FactLine, LucideIcon, LucideRotateCw, LucideScrollText, RelativeTime, StatusDot, Switch],
  templateUrl: './service-row.html',
  styleUrl: './service-row.css',
})
export class ServiceRow {
  readonly service = input.required<ServiceInfo>();
  readonly panel = input<PanelDef>();
  /** The types that it declares, to be listed. */
  readonly triggers = input<readonly string[]>([]);
  /** Those of them that nobody can use. */
  readonly disabled = input<readonly TriggerDef[]>([]);
  readonly sigils = input<readonly string[]>([]);
  /** While its runner is away nothing can be done. */
  readonly isOnline = input.required<boolean>();
  readonly isBusy = input(false);
  readonly isLogOpen = input(false);
  readonly switched = output<boolean>();
  readonly restarted = output();
  readonly logToggled = output();

  protected readonly state = computed(() => serviceState(this.service().state));
  protected readonly fault = computed(() => {
    const { error } = this.service();
    return error === null ? null : serviceFault(error);
  });
  /** An error keeps it from running; anything less is a warning. */
  protected readonly isBad = computed(() => this.service().state === 'broken');
  protected readonly isEnabled = computed(() => this.service().state !== 'disabled');
  /** A folder that cannot be read has no service to restart, and no log. */
  protected readonly canAct = computed(() => this.isOnline() && this.fault()?.file == null);
  protected readonly facts = computed(() => {
    const { restarts = 0, hasPanel } = this.service();
    const panel = this.panel();
    return [
      ...(panel ? [`panel on port ${panel.port}`] : hasPanel ? ['has a panel'] : []),
      ...counted(this.triggers(), 'trigger'),
      ...counted(this.sigils(), 'sigil'),
      ...(restarts > 0 ? [`restarted ${restarts === 1 ? 'once' : `${restarts} times`} by itself`] : []),
    ];
  });
}

function counted(names: readonly string[], word: string): string[] {
  if (names.length === 0) return [];
  return [names.length === 1 ? `${word} ${names[0]}` : `${names.length} ${word}s`];
}
