import { Component, DestroyRef, computed, effect, inject, input, output, signal, untracked } from '@angular/core';
import {
  LucideExternalLink,
  LucideInfo,
  LucideMaximize2,
  LucideMinimize2,
  LucideRotateCw,
  LucideX,
} from '@lucide/angular';
import { asProblem } from '../../../core/api/api-problem';
import { ServicesApi } from '../../../core/api/services-api';
import { Toasts } from '../../../core/toasts';
import { entryPage } from '../../../tunnels/tunnel-address';
import { Button } from '../../../ui/button';
import { ErrorState } from '../../../ui/error-state';
import { IconButton } from '../../../ui/icon-button';
import { LucideIcon } from '../../../ui/lucide-icon';
import { Skeleton } from '../../../ui/skeleton';
import { clockTime } from '../../../ui/time-text';
import { SessionServices } from '../services/session-services';
import { SessionTunnels } from '../tunnels/session-tunnels';
import { PanelEntry } from './panel-entry';
import { panelObstacle } from './panel-obstacle';

/** Some pages never finish loading, such as one with a camera's picture; after this time it is shown as it is. */
const SHOWN_AFTER_MS = 3_000;

/** A service's panel: a foreign page in a frame, and around it what the console knows of the service behind it. */
@Component({
  selector: 'pz-service-panel',
  imports: [
    Button,
    ErrorState,
    IconButton,
    LucideExternalLink,
    LucideIcon,
    LucideInfo,
    LucideMaximize2,
    LucideMinimize2,
    LucideRotateCw,
    LucideX,
    Skeleton,
  ],
  host: { role: 'region', '[attr.aria-label]': 'label()' },
  templateUrl: './service-panel.html',
  styleUrl: './service-panel.css',
})
export class ServicePanel {
  readonly serviceId = input.required<string>();
  /** Whether it can be enlarged, and whether it is. */
  readonly canEnlarge = input(false);
  readonly isFull = input(false);
  readonly enlarged = output();
  readonly closed = output();
  private readonly services = inject(SessionServices);
  private readonly tunnels = inject(SessionTunnels);
  private readonly api = inject(ServicesApi);
  private readonly toasts = inject(Toasts);
  private readonly entry = new PanelEntry();

  private readonly service = computed(() => this.services.services().find(({ id }) => id === this.serviceId()));
  private readonly panel = computed(() =>
    this.services.panels().find(({ serviceId }) => serviceId === this.serviceId()),
  );
  private readonly tunnel = computed(() => this.tunnels.ofService(this.serviceId()));
  protected readonly label = computed(() => this.panel()?.label ?? this.service()?.label ?? this.serviceId());
  protected readonly icon = computed(() => this.panel()?.icon ?? this.service()?.icon ?? 'square');
  protected readonly obstacle = computed(() =>
    panelObstacle({
      service: this.service(),
      hasPanel: this.panel() !== undefined,
      isOnline: this.services.isOnline(),
      runnerName: this.services.runnerName(),
    }),
  );
  protected readonly page = computed(() => {
    const tunnel = this.tunnel();
    return tunnel === undefined ? null : entryPage(tunnel);
  });
  protected readonly state = this.entry.state;
  private readonly hasLoaded = signal(false);
  private readonly isLong = signal(false);
  /** Loaded, or has taken so long that there is something to see. */
  protected readonly isShown = computed(() => this.hasLoaded() || this.isLong());
  protected readonly isLate = computed(
    () => this.isLong() && !this.hasLoaded() && this.obstacle() === null && this.state().kind === 'inside',
  );
  protected readonly isBusy = signal(false);
  protected readonly refusal = computed(() => {
    const state = this.state();
    if (state.kind === 'refused') return state.problem.message;
    if (this.tunnel() !== undefined) return null;
    if (!this.tunnels.isLoaded()) return this.tunnels.problem()?.message ?? null;
    return 'The relay has no address for it. It is made when the service announces its panel.';
  });
  protected readonly renewal = computed(() => {
    const state = this.state();
    return state.kind === 'inside' && state.form === 'path' ? clockTime(state.until) : null;
  });
  /** Identifies the running instance of the service: its page is loaded once for each. */
  private readonly running = computed(() => {
    const tunnelId = this.tunnel()?.tunnelId;
    if (this.obstacle() !== null || tunnelId === undefined) return null;
    return [tunnelId, this.panel()?.port, this.service()?.since].join(' ');
  });

  private readonly mayPass = computed(() => this.obstacle()?.mayPass === true);
  /** The instance that ran when the page was loaded. */
  private loaded: string | null = null;
  private showing: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    effect(() => {
      const running = this.running();
      const mayPass = this.mayPass();
      untracked(() => this.follow(running, mayPass));
    });
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.showing);
      this.entry.leave();
    });
  }

  /** A page whose service never stopped is kept as it was, with what somebody typed into it. */
  private follow(running: string | null, mayPass: boolean): void {
    if (running === null) return mayPass ? this.entry.wait() : this.entry.leave();
    const tunnelId = this.tunnel()?.tunnelId ?? '';
    if (running !== this.loaded || !this.entry.goOn(tunnelId)) this.load();
  }

  protected load(): void {
    const tunnelId = this.tunnel()?.tunnelId;
    if (tunnelId === undefined) {
      void this.tunnels.reload();
      return;
    }
    this.loaded = this.running();
    this.hasLoaded.set(false);
    this.isLong.set(false);
    clearTimeout(this.showing);
    this.showing = setTimeout(() => this.isLong.set(true), SHOWN_AFTER_MS);
    void this.entry.enter(tunnelId);
  }

  /** A frame also fires this for the empty page that it starts with, before it has an address. */
  protected onLoad({ target }: Event): void {
    if (target instanceof HTMLIFrameElement && target.hasAttribute('src')) this.hasLoaded.set(true);
  }

  protected async act(): Promise<void> {
    const command = this.obstacle()?.action?.command;
    if (command === undefined) return;
    this.isBusy.set(true);
    try {
      // The outcome arrives with the runner's updates.
      await this.api.command(this.services.runnerId(), this.serviceId(), command);
    } catch (error) {
      this.toasts.fail(asProblem(error).message);
    } finally {
      this.isBusy.set(false);
    }
  }
}
