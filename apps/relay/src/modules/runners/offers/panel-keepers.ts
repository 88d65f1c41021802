import { Injectable } from '@nestjs/common';
import type { PanelDef } from '@pizzapi/protocol';
import type { RunnerEntity } from '../runner.entity.js';

/** A runner that has an owner, and what its services show. */
export interface RunnerPanels {
  runnerId: string;
  ownerId: string;
  organisationId: string;
  panels: readonly PanelDef[];
}

/** Keeps an address for each panel. */
export interface KeepsPanels {
  /** Called with every announcement, before anybody hears of these panels. */
  panelsAnnounced(runner: RunnerPanels): Promise<void>;
}

/** Where the module of tunnels registers itself. It imports this module, so this one cannot import it. */
@Injectable()
export class PanelKeepers {
  private readonly keepers: KeepsPanels[] = [];

  register(keeper: KeepsPanels): void {
    this.keepers.push(keeper);
  }

  /** For a runner without an owner this does nothing; its panels get their addresses once it is adopted. */
  async tell({ runnerId, ownerId, organisationId, announcement }: RunnerEntity): Promise<void> {
    const panels = announcement?.panels ?? [];
    if (panels.length === 0 || ownerId === null || organisationId === null) return;
    for (const keeper of this.keepers) await keeper.panelsAnnounced({ runnerId, ownerId, organisationId, panels });
  }
}
