import { Service, computed, effect, inject, signal, untracked } from '@angular/core';
import type { RunnerView } from '@pizzapi/protocol';
import { type ApiProblem, asProblem } from '../core/api/api-problem';
import { RunnersApi } from '../core/api/runners-api';
import { isRunnerRemoval, isRunnerUpdate } from '../core/realtime/message-shapes';
import { RelayConnection } from '../core/realtime/relay-connection';

/** The caller's runners: read by REST after every (re)connect, kept fresh by the hub. */
@Service()
export class RunnersStore {
  private readonly api = inject(RunnersApi);
  private readonly connection = inject(RelayConnection);
  private readonly entities = signal<ReadonlyMap<string, RunnerView>>(new Map());
  private readonly failure = signal<ApiProblem | null>(null);
  private readonly readAt = signal<Date | null>(null);

  readonly byId = this.entities.asReadonly();
  readonly problem = this.failure.asReadonly();
  readonly loadedAt = this.readAt.asReadonly();
  readonly isLoaded = computed(() => this.readAt() !== null);
  /** Online ones first, then by name. */
  readonly runners = computed(() =>
    [...this.entities().values()].sort((a, b) => Number(b.online) - Number(a.online) || a.name.localeCompare(b.name)),
  );

  constructor() {
    this.connection.onNews('runner:updated', isRunnerUpdate, ({ runner }) => this.put(runner));
    this.connection.onNews('runner:removed', isRunnerRemoval, ({ runnerId }) => this.forget(runnerId));
    effect(() => {
      this.connection.epoch();
      untracked(() => void this.reload());
    });
  }

  async reload(): Promise<void> {
    try {
      this.entities.set(await this.readAll());
      this.failure.set(null);
      this.readAt.set(new Date());
    } catch (error) {
      this.failure.set(asProblem(error));
    }
  }

  /** Whole: every session names its runner. */
  private async readAll(): Promise<ReadonlyMap<string, RunnerView>> {
    const read = new Map<string, RunnerView>();
    let cursor: string | undefined;
    do {
      const page = await this.api.list(cursor);
      for (const runner of page.runners) read.set(runner.runnerId, runner);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return read;
  }

  private put(runner: RunnerView): void {
    this.entities.update((known) => new Map(known).set(runner.runnerId, runner));
  }

  private forget(runnerId: string): void {
    this.entities.update((known) => new Map([...known].filter(([id]) => id !== runnerId)));
  }
}
