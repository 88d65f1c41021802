import { Component, computed, inject, input, linkedSignal, model, resource, signal } from '@angular/core';
import {
  LucideCornerLeftUp,
  LucideEye,
  LucideEyeOff,
  LucideFolder,
  LucideFolderGit2,
  LucideHistory,
} from '@lucide/angular';
import type { FolderPage } from '../../core/api/answer-shapes';
import { type ApiProblem, asProblem, isRefusedCursor } from '../../core/api/api-problem';
import { RunnersApi } from '../../core/api/runners-api';
import { SessionsApi } from '../../core/api/sessions-api';
import { MoreItems } from '../../ui/more-items';
import { ErrorState } from '../../ui/error-state';
import { Skeleton } from '../../ui/skeleton';
import { folderText } from '../session-state';

const MAX_RECENT = 5;

/** The pages of a listing after its first. */
interface Further {
  folders: FolderPage['folders'];
  nextCursor: string | undefined;
  isLoading: boolean;
  problem: ApiProblem | null;
}

/** Folders within a runner's roots: recent ones first, then a folder browser. */
@Component({
  selector: 'pz-folder-picker',
  imports: [
    ErrorState,
    LucideCornerLeftUp,
    LucideEye,
    LucideEyeOff,
    LucideFolder,
    LucideFolderGit2,
    LucideHistory,
    MoreItems,
    Skeleton,
  ],
  templateUrl: './folder-picker.html',
  styleUrl: './folder-picker.css',
})
export class FolderPicker {
  readonly runnerId = input.required<string>();
  readonly roots = input.required<readonly string[]>();
  readonly isOnline = input.required<boolean>();
  readonly folder = model.required<string>();
  private readonly runners = inject(RunnersApi);
  private readonly sessions = inject(SessionsApi);

  /** The folder being browsed: it follows the runner, then the clicks, but not what is typed in the field. */
  protected readonly place = linkedSignal<string, string | undefined>({
    source: this.runnerId,
    computation: () => undefined,
  });

  private readonly recentFolders = resource({
    params: () => this.runnerId() || undefined,
    loader: async ({ params }) => (await this.sessions.recentFolders(params)).folders,
  });
  protected readonly recent = computed(() => {
    const isRecent = this.recentFolders.hasValue() && this.place() === undefined;
    return isRecent ? this.recentFolders.value().slice(0, MAX_RECENT) : [];
  });
  protected readonly listing = resource({
    params: () => (this.isOnline() && this.runnerId() ? { runnerId: this.runnerId(), path: this.place() } : undefined),
    loader: ({ params, abortSignal }) => this.runners.folders(params.runnerId, params.path, { signal: abortSignal }),
  });
  /** What "Show more" has brought, after the first page; begins anew with each listing. */
  private readonly further = linkedSignal<FolderPage | null, Further>({
    source: () => (this.listing.hasValue() ? this.listing.value() : null),
    computation: (first) => ({ folders: [], nextCursor: first?.nextCursor, isLoading: false, problem: null }),
  });
  protected readonly hasMore = computed(() => this.further().nextCursor !== undefined);
  protected readonly isLoadingMore = computed(() => this.further().isLoading);
  protected readonly moreProblem = computed(() => this.further().problem);
  /** `.git`, `.cache` and the like: rarely a place to work, so hidden until asked for. */
  protected readonly showsHidden = signal(false);
  private readonly listed = computed(() =>
    this.listing.hasValue() ? [...this.listing.value().folders, ...this.further().folders] : [],
  );
  protected readonly folders = computed(() =>
    this.showsHidden() ? this.listed() : this.listed().filter(({ name }) => !isHidden(name)),
  );
  protected readonly hiddenCount = computed(() => this.listed().filter(({ name }) => isHidden(name)).length);
  protected readonly problem = computed(() => {
    const error = this.listing.error();
    return error ? asProblem(error) : null;
  });
  /** Several roots are offered side by side; with only one, its folders. */
  protected readonly otherRoots = computed(() => {
    const here = this.listing.hasValue() ? this.listing.value().path : undefined;
    return this.roots().filter((root) => root !== here);
  });
  protected readonly folderText = folderText;

  protected choose(path: string): void {
    this.folder.set(path);
  }

  protected async loadMore(): Promise<void> {
    const before = this.further();
    const { nextCursor } = before;
    if (nextCursor === undefined || before.isLoading || !this.listing.hasValue()) return;
    const first = this.listing.value();
    const isCurrent = (): boolean => this.listing.hasValue() && this.listing.value() === first;
    this.further.set({ ...before, isLoading: true, problem: null });
    try {
      const page = await this.runners.folders(this.runnerId(), this.place(), { cursor: nextCursor });
      if (!isCurrent()) return;
      const folders = [...before.folders, ...page.folders];
      this.further.set({ folders, nextCursor: page.nextCursor, isLoading: false, problem: null });
    } catch (error) {
      if (!isCurrent()) return;
      if (isRefusedCursor(error)) this.listing.reload();
      else this.further.set({ ...before, isLoading: false, problem: asProblem(error) });
    }
  }

  protected enter(path: string): void {
    this.folder.set(path);
    this.place.set(path);
  }
}

function isHidden(name: string): boolean {
  return name.startsWith('.');
}
