import { Component, inject, input, signal } from '@angular/core';
import { LucideKey, LucidePlus } from '@lucide/angular';
import { type ApiKey, ApiKeysApi, type NewApiKey } from '../core/api/api-keys-api';
import { asProblem } from '../core/api/api-problem';
import { PagedList } from '../core/paged-list';
import { loadAllFor, TableView } from '../core/table-view';
import { Toasts } from '../core/toasts';
import { Button } from '../ui/button';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { EmptyState } from '../ui/empty-state';
import { ErrorState } from '../ui/error-state';
import { MadeOnce } from '../ui/made-once';
import { MoreItems } from '../ui/more-items';
import { RelativeTime } from '../ui/relative-time';
import { Skeleton } from '../ui/skeleton';
import { SortHeader } from '../ui/sort-header';
import { TableFilter } from '../ui/table-filter';
import { NewKeyForm } from './new-key-form';

/** The person's API keys: what opens the REST surface and connects runners. */
@Component({
  selector: 'pz-api-keys-page',
  imports: [
    Button,
    ConfirmDialog,
    EmptyState,
    ErrorState,
    LucideKey,
    LucidePlus,
    MadeOnce,
    MoreItems,
    NewKeyForm,
    RelativeTime,
    Skeleton,
    SortHeader,
    TableFilter,
  ],
  templateUrl: './api-keys-page.html',
  styleUrl: './api-keys-page.css',
})
export class ApiKeysPage {
  /** Of the address. */
  readonly sort = input<string>();
  readonly q = input<string>();
  private readonly api = inject(ApiKeysApi);
  private readonly toasts = inject(Toasts);
  protected readonly keys = new PagedList<ApiKey>(async (cursor) => {
    const { apiKeys, nextCursor } = await this.api.list(cursor);
    return { items: apiKeys, nextCursor };
  });
  protected readonly table = new TableView(
    this.keys.items,
    this,
    {
      name: ({ name }) => name,
      used: ({ lastUsedAt }) => lastUsedAt,
      expires: ({ expiresAt }) => expiresAt,
      created: ({ createdAt }) => createdAt,
    },
    ({ name, prefix }) => `${name} ${prefix}`,
  );
  protected readonly isMaking = signal(false);
  protected readonly made = signal<NewApiKey | null>(null);
  protected readonly revoking = signal<ApiKey | null>(null);
  protected readonly isBusy = signal(false);

  constructor() {
    loadAllFor(this.table, this.keys);
    void this.keys.reload();
  }

  protected isExpired(key: ApiKey): boolean {
    return key.expiresAt !== null && Date.parse(key.expiresAt) < Date.now();
  }

  protected onMade(key: NewApiKey): void {
    this.isMaking.set(false);
    this.made.set(key);
    void this.keys.reload();
  }

  protected async revoke(key: ApiKey): Promise<void> {
    this.isBusy.set(true);
    try {
      await this.api.revoke(key.id);
      if (this.made()?.id === key.id) this.made.set(null);
      this.revoking.set(null);
      void this.keys.reload();
    } catch (error) {
      this.toasts.fail(asProblem(error).message);
    } finally {
      this.isBusy.set(false);
    }
  }
}
