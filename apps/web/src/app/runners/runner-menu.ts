import { Component, inject, input, output, signal } from '@angular/core';
import { Router } from '@angular/router';
import { LucideCopy, LucideEllipsis, LucidePencil, LucideTrash2 } from '@lucide/angular';
import type { RunnerView } from '@pizzapi/protocol';
import { asProblem } from '../core/api/api-problem';
import { RunnersApi } from '../core/api/runners-api';
import { Clipboard } from '../core/clipboard';
import { Toasts } from '../core/toasts';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { IconButton } from '../ui/icon-button';
import { Menu, MenuItem, MenuTrigger } from '../ui/menu';

/** What can be done with a runner as a whole. */
@Component({
  selector: 'pz-runner-menu',
  imports: [
    ConfirmDialog,
    IconButton,
    LucideCopy,
    LucideEllipsis,
    LucidePencil,
    LucideTrash2,
    Menu,
    MenuItem,
    MenuTrigger,
  ],
  template: `
    <button [pzMenuTrigger]="actions" pzIconButton type="button" label="More actions">
      <svg lucideEllipsis size="1rem"></svg>
    </button>
    <ng-template #actions>
      <pz-menu label="Runner">
        <button pzMenuItem (chosen)="renaming.emit()"><svg lucidePencil></svg>Rename</button>
        <button pzMenuItem (chosen)="copyId()"><svg lucideCopy></svg>Copy runner id</button>
        <button pzMenuItem [isDanger]="true" (chosen)="ask()"><svg lucideTrash2></svg>Remove…</button>
      </pz-menu>
    </ng-template>
    @if (isAsking()) {
      <pz-confirm-dialog
        heading="Remove this runner?"
        text="Its listeners go with it; its sessions and their conversations stay. A runner that is started on the machine again comes back."
        action="Remove"
        [typed]="runner().name"
        [isBusy]="isBusy()"
        (confirmed)="remove()"
        (cancelled)="isAsking.set(false)"
      />
    }
  `,
})
export class RunnerMenu {
  readonly runner = input.required<RunnerView>();
  /** Asks to edit its name in place. */
  readonly renaming = output();
  private readonly api = inject(RunnersApi);
  private readonly clipboard = inject(Clipboard);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  protected readonly isAsking = signal(false);
  protected readonly isBusy = signal(false);

  protected copyId(): void {
    void this.clipboard.copy(this.runner().runnerId, 'Runner id copied');
  }

  /** A runner that is online would come back at once, so nobody has to type its name in vain. */
  protected ask(): void {
    if (this.runner().online)
      this.toasts.show('It is online and would come back at once. Stop it on its machine first.');
    else this.isAsking.set(true);
  }

  protected async remove(): Promise<void> {
    const { runnerId, name } = this.runner();
    this.isBusy.set(true);
    try {
      await this.api.remove(runnerId);
      this.toasts.show(`Removed “${name}”`);
      await this.router.navigateByUrl('/runners');
    } catch (error) {
      this.toasts.fail(asProblem(error).message);
    } finally {
      this.isBusy.set(false);
      this.isAsking.set(false);
    }
  }
}
