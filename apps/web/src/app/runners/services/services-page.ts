import { Component, computed, inject, input, signal } from '@angular/core';
import { Router } from '@angular/router';
import { LucideBlocks } from '@lucide/angular';
import type { ServiceCommand, ServiceInfo } from '@pizzapi/protocol';
import { asProblem } from '../../core/api/api-problem';
import { ServicesApi } from '../../core/api/services-api';
import { RelayConnection } from '../../core/realtime/relay-connection';
import { Toasts } from '../../core/toasts';
import { Copyable } from '../../ui/copyable';
import { EmptyState } from '../../ui/empty-state';
import { OpenRunner } from '../open-runner';
import { ServiceLogView } from './service-log';
import { ServiceRow } from './service-row';

/** A runner's services: background programs that bring panels, triggers and sigils. */
@Component({
  selector: 'pz-services-page',
  imports: [Copyable, EmptyState, LucideBlocks, ServiceLogView, ServiceRow],
  templateUrl: './services-page.html',
  styles: `
    li + li {
      border-top: 1px solid var(--border-soft);
    }
    .new {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 8px;
      min-width: 0;
    }
    @media (max-width: 759px) {
      /* Words and command on a line of their own, rather than half a command. */
      .pz-card-head {
        flex-wrap: wrap;
      }
      .new {
        flex-basis: 100%;
      }
    }
  `,
})
export class ServicesPage {
  /** Of the address: whose log is open. */
  readonly log = input<string>();
  private readonly api = inject(ServicesApi);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  protected readonly isLost = inject(RelayConnection).isLost;
  protected readonly runner = inject(OpenRunner).runner;
  protected readonly busy = signal<ReadonlySet<string>>(new Set());

  protected readonly items = computed(() => {
    const runner = this.runner();
    if (runner === undefined) return [];
    const { services, panels, triggerDefs, sigilDefs } = runner;
    const panelOf = new Map(panels.map((panel) => [panel.serviceId, panel]));
    const triggersOf = Map.groupBy(triggerDefs, ({ serviceId }) => serviceId);
    const sigilsOf = Map.groupBy(sigilDefs, ({ serviceId }) => serviceId);
    return services.map((service, index) => {
      const { id } = service;
      // Two folders may claim one id: the second is broken, and the id is not its own.
      if (services.findIndex((other) => other.id === id) < index)
        return {
          key: `${id} ${index}`,
          service,
          isLogOpen: false,
          panel: undefined,
          triggers: [],
          disabled: [],
          sigils: [],
        };
      return {
        key: id,
        service,
        isLogOpen: runner.online && this.log() === id,
        panel: panelOf.get(id),
        triggers: (triggersOf.get(id) ?? []).map(({ type }) => type),
        disabled: (triggersOf.get(id) ?? []).filter(({ disabledReason }) => disabledReason !== undefined),
        sigils: (sigilsOf.get(id) ?? []).map(({ type }) => type),
      };
    });
  });

  protected toggleLog(serviceId: string): void {
    const log = this.log() === serviceId ? null : serviceId;
    void this.router.navigate([], { queryParams: { log }, replaceUrl: true });
  }

  protected switchTo({ id }: ServiceInfo, isOn: boolean): void {
    void this.act(id, isOn ? 'enable' : 'disable');
  }

  protected restart({ id }: ServiceInfo): void {
    void this.act(id, 'restart');
  }

  private async act(serviceId: string, command: ServiceCommand): Promise<void> {
    const runnerId = this.runner()?.runnerId ?? '';
    this.busy.update((ids) => new Set(ids).add(serviceId));
    try {
      // The outcome arrives with the runner's updates.
      await this.api.command(runnerId, serviceId, command);
    } catch (error) {
      this.toasts.fail(asProblem(error).message);
    } finally {
      this.busy.update((ids) => new Set([...ids].filter((id) => id !== serviceId)));
    }
  }
}
