import { Injectable, computed, inject, resource, signal } from '@angular/core';
import { asProblem } from '../core/api/api-problem';
import { RunnersApi } from '../core/api/runners-api';
import { RunnersStore } from './runners-store';

/** The runner whose page is open, for all tabs of it. */
@Injectable()
export class OpenRunner {
  private readonly store = inject(RunnersStore);
  private readonly api = inject(RunnersApi);
  private readonly id = signal('');

  readonly runnerId = this.id.asReadonly();
  /** Taken from the live list; a runner beyond that list is read by itself. */
  private readonly single = resource({
    params: () =>
      this.id() !== '' && this.store.isLoaded() && !this.store.byId().has(this.id()) ? this.id() : undefined,
    loader: ({ params }) => this.api.get(params),
  });
  readonly runner = computed(
    () => this.store.byId().get(this.id()) ?? (this.single.hasValue() ? this.single.value() : undefined),
  );
  readonly problem = computed(() => {
    const error = this.single.error() ?? this.store.problem();
    return error ? asProblem(error) : null;
  });

  open(runnerId: string): void {
    this.id.set(runnerId);
  }

  reload(): void {
    this.single.reload();
    void this.store.reload();
  }
}
