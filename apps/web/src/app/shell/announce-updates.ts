import { inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { SwUpdate } from '@angular/service-worker';
import { filter } from 'rxjs';
import { Toasts } from '../core/toasts';

const HOUR_MS = 3_600_000;

/** Offers a newer console once the service worker has it; nothing reloads by itself. Call it in an injection context. */
export function announceUpdates(): void {
  const updates = inject(SwUpdate);
  const toasts = inject(Toasts);
  updates.versionUpdates
    .pipe(
      filter((event) => event.type === 'VERSION_READY'),
      takeUntilDestroyed(),
    )
    .subscribe(() => {
      toasts.show('A new version of the console is ready.', {
        durationMs: HOUR_MS,
        action: { label: 'Reload', run: () => location.reload() },
      });
    });
}
