import { Component, computed, inject, output } from '@angular/core';
import { LucideX } from '@lucide/angular';
import { Commands } from '../core/commands';
import { IconButton } from '../ui/icon-button';
import { Kbd } from '../ui/kbd';
import { Modal } from '../ui/modal';

/** All shortcuts that mean something on this page. */
@Component({
  selector: 'pz-shortcuts-dialog',
  imports: [IconButton, Kbd, LucideX, Modal],
  template: `
    <pz-modal label="Keyboard shortcuts" (closed)="closed.emit()">
      <header>
        <h2>Keyboard shortcuts</h2>
        <button pzIconButton type="button" label="Close" (click)="closed.emit()"><svg lucideX></svg></button>
      </header>
      <!-- The keyboard scrolls it, where it is higher than the window. -->
      <div class="groups" tabindex="0" role="group" aria-label="Shortcuts">
        @for (group of groups(); track group.name) {
          <section>
            <h3>{{ group.name }}</h3>
            <dl>
              @for (command of group.commands; track command.id) {
                <div>
                  <dt>{{ command.label }}</dt>
                  <dd><pz-kbd [combo]="command.combo ?? ''" /></dd>
                </div>
              }
            </dl>
          </section>
        }
      </div>
    </pz-modal>
  `,
  styles: `
    header {
      display: flex;
      align-items: center;
      padding: 12px 12px 8px 20px;
    }
    header h2 {
      flex: 1;
      font-size: 0.9375rem;
    }
    .groups {
      display: grid;
      gap: 14px;
      padding: 4px 20px 20px;
      overflow-y: auto;
    }
    h3 {
      padding-bottom: 4px;
    }
    dl > div {
      display: flex;
      align-items: center;
      min-height: 30px;
      border-top: 1px solid var(--border-soft);
    }
    dt {
      flex: 1;
    }
    dd {
      margin: 0;
    }
  `,
})
export class ShortcutsDialog {
  readonly closed = output();
  private readonly commands = inject(Commands);
  protected readonly groups = computed(() => {
    const withCombo = this.commands.all().filter((command) => command.combo !== undefined);
    return [...Map.groupBy(withCombo, (command) => command.group)].map(([name, commands]) => ({ name, commands }));
  });
}
