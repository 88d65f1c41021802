import { Injectable } from '@nestjs/common';
import { ProblemCode, ServiceAnnouncement } from '@pizzapi/protocol';
import { Value } from 'typebox/value';
import { ProblemError } from '../../../platform/http/problem.error.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { PanelKeepers } from './panel-keepers.js';
import { TriggerDefJudge } from './trigger-def-judge.js';
import { RunnerRepository } from '../runner.repository.js';

/** It is read with every view of the runner and every trigger. */
const MAX_CHARACTERS = 1024 * 1024;

/** Remembers what a runner's services offer. A daemon says it anew with every connection; only news is stored and told. */
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
    // Here and not where it is read: whoever looks at a runner or its triggers is shown the same.
    const announcement = { ...said, triggerDefs: await this.judge.port.judged(said.triggerDefs) };
    // Whoever watches hears of a panel as soon as it is stored, and by then it has its address.
    await this.keepPanels(runnerId, announcement);
    const isNews = await this.runners.announce(runnerId, announcement);
    // The runner's first owner may have come in between, and found none of these.
    await this.keepPanels(runnerId, announcement);
    if (!isNews) return;
    await this.bus.publish('runner.changed', { runnerId });
    await this.bus.publish('runner.services-changed', { runnerId });
  }

  /** Also when it is no news: the last try may have ended before this. */
  private async keepPanels(runnerId: string, announcement: ServiceAnnouncement): Promise<void> {
    const runner = announcement.panels.length === 0 ? null : await this.runners.find(runnerId);
    if (runner) await this.panels.tell({ ...runner, announcement });
  }
}

/** Without what a newer runner may say besides. */
function onlyDeclared(message: ServiceAnnouncement): ServiceAnnouncement {
  return Value.Parse(ServiceAnnouncement, Value.Clean(ServiceAnnouncement, structuredClone(message)));
}
