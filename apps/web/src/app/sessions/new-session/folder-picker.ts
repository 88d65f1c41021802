import { Component, computed, inject, input, linkedSignal, model, resource, signal } from '@angular/core';
import {
  LucideCornerLeftUp,
  LucideEye,
  LucideEyeOff,
  LucideFolder,
  LucideFolderGit2,
  LucideHistory,
} from '@lucide/angular';
import { asProblem } from '../../core/api/api-problem';
import { RunnersApi } from '../../core/api/runners-api';
import { SessionsApi } from '../../core/api/sessions-api';
import { ErrorState } from '../../ui/error-state';
import { Skeleton } from '../../ui/skeleton';
import { folderText } from '../session-state';

const MAX_RECENT = 5;

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
    loader: ({ params, abortSignal }) => this.runners.folders(params.runnerId, params.path, abortSignal),
  });
  /** `.git`, `.cache` and the like: rarely a place to work, so hidden until asked for. */
  protected readonly showsHidden = signal(false);
  private readonly listed = computed(() => (this.listing.hasValue() ? this.listing.value().folders : []));
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

  protected enter(path: string): void {
    this.folder.set(path);
    this.place.set(path);
  }
}

function isHidden(name: string): boolean {
  return name.startsWith('.');
}
