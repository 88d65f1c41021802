import { Injectable } from '@nestjs/common';
import { ProblemCode, ServiceAnnouncement } from '@pizzapi/protocol';
import { Value } from 'typebox/value';
import { ProblemError } from '../../../platform/http/problem.error.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { PanelKeepers } from './panel-keepers.js';
import { TriggerDefJudge } from './trigger-def-judge.js';
import { RunnerRepository } from '../runner.repository.js';

/** The limit for an announcement: it is read for every view of the runner, and for every trigger. */
const MAX_CHARACTERS = 1024 * 1024;

/** Stores what a runner's services offer. A daemon announces it with every connection; only changes are stored and published. */
@Injectable()
export class AnnounceServices {
  constructor(
    private readonly runners: RunnerRepository,
    private readonly panels: PanelKeepers,
    private readonly judge: TriggerDefJudge,
    private readonly bus: EventBus,
  ) {}

  /** @throws ProblemError `payload_too_large` */
  async run(runnerId: string, message: ServiceAnnouncement): Promise<void> {
    const said = onlyDeclared(message);
    if (JSON.stringify(said).length > MAX_CHARACTERS)
      throw new ProblemError(
        413,
        ProblemCode.payloadTooLarge,
        `What the runner's services announce is longer than ${MAX_CHARACTERS} characters; declare fewer triggers and sigils, or shorter schemas.`,
      );
    // Judged here, and not where it is read, so that everybody who looks at the runner or its triggers sees the same.
    const announcement = { ...said, triggerDefs: await this.judge.port.judged(said.triggerDefs) };
    // Before storing: watchers hear of a panel as soon as it is stored, and it must have its address by then.
    await this.keepPanels(runnerId, announcement);
    const isNews = await this.runners.announce(runnerId, announcement);
    // And once more: the runner may have got its first owner in between, who would have found none of these panels.
    await this.keepPanels(runnerId, announcement);
    if (!isNews) return;
    await this.bus.publish('runner.changed', { runnerId });
    await this.bus.publish('runner.services-changed', { runnerId });
  }

  /** Done even if nothing has changed: an earlier try may have crashed before it got here. */
  private async keepPanels(runnerId: string, announcement: ServiceAnnouncement): Promise<void> {
    const runner = announcement.panels.length === 0 ? null : await this.runners.find(runnerId);
    if (runner) await this.panels.tell({ ...runner, announcement });
  }
}

/** Drops fields that only a newer runner knows. */
function onlyDeclared(message: ServiceAnnouncement): ServiceAnnouncement {
  return Value.Parse(ServiceAnnouncement, Value.Clean(ServiceAnnouncement, structuredClone(message)));
}
