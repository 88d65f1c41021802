import { ActiveDescendantKeyManager } from '@angular/cdk/a11y';
import {
  Component,
  Injector,
  computed,
  effect,
  inject,
  output,
  resource,
  signal,
  untracked,
  viewChildren,
} from '@angular/core';
import { Router } from '@angular/router';
import { LucideChevronRight, LucideSearch } from '@lucide/angular';
import { SessionsApi } from '../../core/api/sessions-api';
import { Commands } from '../../core/commands';
import { RunnersStore } from '../../runners/runners-store';
import { SessionsStore } from '../../sessions/sessions-store';
import { Kbd } from '../../ui/kbd';
import { Modal } from '../../ui/modal';
import { StatusDot } from '../../ui/status-dot';
import { type PaletteItem, commandItem, matching, runnerItems, sessionItem } from './palette-items';
import { PaletteOption } from './palette-option';

const MAX_SESSIONS = 8;
const PAUSE_MS = 120;

/** Every page, session, runner and action, one query away. Sessions are searched on the relay. */
@Component({
  selector: 'pz-command-palette',
  imports: [Kbd, LucideChevronRight, LucideSearch, Modal, PaletteOption, StatusDot],
  templateUrl: './command-palette.html',
  styleUrl: './command-palette.css',
})
export class CommandPalette {
  readonly closed = output();
  private readonly router = inject(Router);
  private readonly commands = inject(Commands);
  private readonly sessions = inject(SessionsStore);
  private readonly runners = inject(RunnersStore);
  private readonly api = inject(SessionsApi);

  protected readonly query = signal('');
  private readonly found = resource({
    params: () => this.query().trim() || undefined,
    loader: async ({ params: q, abortSignal }) => {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      return (await this.api.list({ q, limit: MAX_SESSIONS }, abortSignal)).sessions;
    },
  });

  private readonly sessionItems = computed(() => {
    const found = this.query().trim() !== '' && this.found.hasValue() ? this.found.value() : this.recent();
    const runners = this.runners.byId();
    const open = (url: string): void => void this.router.navigateByUrl(url);
    return found.map((session) => sessionItem(session, runners.get(session.runnerId)?.name ?? 'unknown runner', open));
  });
  private readonly recent = computed(() =>
    [...this.sessions.everything().values()]
      .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))
      .slice(0, MAX_SESSIONS),
  );
  protected readonly items = computed<PaletteItem[]>(() => {
    const query = this.query().trim();
    const open = (url: string): void => void this.router.navigateByUrl(url);
    const commands = this.commands
      .all()
      .filter((command) => command.isListed !== false)
      .map(commandItem);
    const runners = this.runners.runners().flatMap((runner) => runnerItems(runner, open));
    // Whatever the relay found stays, even if only the model's name matches; everything else is filtered here.
    const sessions = this.found.hasValue() ? this.sessionItems() : matching(this.sessionItems(), query);
    return query === ''
      ? [...sessions.slice(0, 5), ...commands]
      : [...sessions, ...matching([...commands, ...runners], query)];
  });
  private readonly options = viewChildren(PaletteOption);
  protected readonly keys = new ActiveDescendantKeyManager(this.options, inject(Injector)).withWrap();

  constructor() {
    // Other words, other lines: Enter takes the best match.
    effect(() => {
      this.query();
      this.options();
      untracked(() => this.keys.setFirstItemActive());
    });
  }

  protected onKey(event: KeyboardEvent): void {
    if (event.key === 'Enter') {
      event.preventDefault();
      this.choose(this.keys.activeItem?.item());
    } else {
      this.keys.onKeydown(event);
      if (event.defaultPrevented) this.keys.activeItem?.show();
    }
  }

  protected choose(item: PaletteItem | undefined): void {
    if (!item) return;
    this.closed.emit();
    item.run();
  }
}
