import { Component, inject, signal } from '@angular/core';
import { LucidePlus } from '@lucide/angular';
import { RelayConnection } from '../../../core/realtime/relay-connection';
import { Button } from '../../../ui/button';
import { ErrorState } from '../../../ui/error-state';
import { IconButton } from '../../../ui/icon-button';
import { Skeleton } from '../../../ui/skeleton';
import { SessionServices } from '../services/session-services';
import { ExposePortForm } from './expose-port-form';
import { SessionTunnels } from './session-tunnels';
import { TunnelRow } from './tunnel-row';

/** The inspector's tab of tunnels: ports that were opened for this session, and the panels of its runner. */
@Component({
  selector: 'pz-tunnels-tab',
  imports: [Button, ErrorState, ExposePortForm, IconButton, LucidePlus, Skeleton, TunnelRow],
  template: `
    <section aria-labelledby="own-tunnels" [class.pz-stale]="isLost()">
      <div class="head">
        <h3 id="own-tunnels">Ports of this session</h3>
        <button
          pzIconButton
          type="button"
          label="Expose a port"
          [attr.aria-expanded]="isExposing()"
          (click)="isExposing.set(!isExposing())"
        >
          <svg lucidePlus></svg>
        </button>
      </div>
      @if (isExposing()) {
        <pz-expose-port-form (closed)="isExposing.set(false)" />
      }
      @if (tunnels.problem(); as problem) {
        <pz-error-state
          heading="The tunnels could not be read"
          [cause]="problem.message"
          [reference]="problem.requestId"
          (retry)="tunnels.reload()"
        />
      }
      @if (tunnels.isLoaded()) {
        <ul>
          @for (tunnel of tunnels.own(); track tunnel.tunnelId) {
            <li><pz-tunnel-row [tunnel]="tunnel" [canClose]="true" (closed)="tunnels.close(tunnel)" /></li>
          }
        </ul>
        @if (tunnels.own().length === 0 && !isExposing() && !tunnels.problem()) {
          <div class="empty">
            <p class="muted">
              A tunnel leads from your browser to one port of the session’s runner: a dev server, a preview, a report.
              The agent opens one when it has something to show; you open one here. It closes with the session.
            </p>
            <button pzButton type="button" (click)="isExposing.set(true)"><svg lucidePlus></svg>Expose a port</button>
          </div>
        }
      } @else if (!tunnels.problem()) {
        <pz-skeleton [lines]="2" [height]="14" />
      }
    </section>
    @if (tunnels.panels().length > 0) {
      <section aria-labelledby="panel-tunnels" [class.pz-stale]="isLost()">
        <div class="head">
          <h3 id="panel-tunnels">Panels of {{ services.runnerName() }}</h3>
        </div>
        <ul>
          @for (tunnel of tunnels.panels(); track tunnel.tunnelId) {
            <li><pz-tunnel-row [tunnel]="tunnel" [icon]="iconOf(tunnel.serviceId)" /></li>
          }
        </ul>
      </section>
    }
    <span class="sr-only" aria-live="polite">{{ tunnels.own().length }} open</span>
  `,
  styles: `
    :host {
      display: block;
    }
    section + section {
      margin-top: 20px;
    }
    .head {
      display: flex;
      align-items: center;
      justify-content: space-between;
      min-height: 28px;
      margin-bottom: 4px;
    }
    .head button {
      margin-right: -8px;
    }
    .empty {
      display: grid;
      justify-items: start;
      gap: 10px;
    }
    .empty p {
      text-wrap: pretty;
    }
    pz-error-state {
      margin-bottom: 8px;
    }
  `,
})
export class TunnelsTab {
  protected readonly tunnels = inject(SessionTunnels);
  protected readonly services = inject(SessionServices);
  protected readonly isLost = inject(RelayConnection).isLost;
  protected readonly isExposing = signal(false);

  protected iconOf(serviceId: string | null): string {
    return this.services.services().find(({ id }) => id === serviceId)?.icon ?? 'square';
  }
}
