import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ChildTrigger, type Trigger, TriggerPayload } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { Compile } from 'typebox/compile';
import { Database } from '../../platform/database/database.js';
import { Sweep } from '../../platform/queues/sweep.js';
import { deliveryIdOf, TriggerHistory } from '../deliveries/index.js';
import { CHILD_REPORTED, type ChildReportEntity, SessionAccess, type SessionEntity } from '../sessions/index.js';
import { FireTrigger } from '../triggers/index.js';
import { ChildReportRepository } from './child-report.repository.js';

const EVERY_MS = 5_000;
const AT_A_TIME = 500;
const DAY_MS = 24 * 3_600_000;
/** Longer than a question waits, and than an inbox keeps. */
const KEEP_MS = 9 * DAY_MS;
const FORGET_EVERY_MS = 3_600_000;

const payloadCheck = Compile(TriggerPayload);

/** Somebody waits: it enters before the parent's next model call. */
const URGENT: ReadonlySet<ChildTrigger> = new Set([ChildTrigger.question, ChildTrigger.plan, ChildTrigger.approval]);

/**
 * Puts what children have to tell on the bus, as triggers for their parents: at once after the commit, and again and again in case a crash came
 * between. A trigger's id is the report's, so the bus takes each once, whoever else does the same at the same time.
 */
@Injectable()
export class DeliverReports implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweep: Sweep;
  private forgotAt = 0;

  constructor(
    private readonly reports: ChildReportRepository,
    private readonly sessions: SessionAccess,
    private readonly fire: FireTrigger,
    private readonly history: TriggerHistory,
    private readonly logger: PinoLogger,
    database: Database,
  ) {
    const options = { description: 'Telling parent sessions what their children said', everyMs: EVERY_MS };
    this.sweep = new Sweep(() => this.deliverAll(), options, logger);
    database.whenCommitted(CHILD_REPORTED, () => {
      this.sweep.wake();
      return Promise.resolve();
    });
  }

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweep.stop();
  }

  private async deliverAll(): Promise<void> {
    for (;;) {
      const waiting = await this.reports.waiting(AT_A_TIME);
      const accepted = await this.deliver(waiting);
      if (accepted.length > 0) await this.reports.markAccepted(accepted);
      if (waiting.length < AT_A_TIME || accepted.length === 0) break;
    }
    if (Date.now() - this.forgotAt < FORGET_EVERY_MS) return;
    this.forgotAt = Date.now();
    await this.reports.forgetBefore(new Date(Date.now() - KEEP_MS));
  }

  /** In their order for each parent: after one that fails, its others wait. @returns the ids of those that are on the bus */
  private async deliver(reports: readonly ChildReportEntity[]): Promise<string[]> {
    const accepted: string[] = [];
    const failed = new Set<string>();
    for (const report of reports) {
      const { triggerId, parentSessionId } = report;
      if (failed.has(parentSessionId)) continue;
      try {
        const parent = await this.sessions.findAnyones(parentSessionId);
        // A parent that is gone hears nothing, and nobody is asked what was answered meanwhile.
        if (parent && report.settledAt === null) await this.tell(parent, report);
        accepted.push(triggerId);
      } catch (error) {
        failed.add(parentSessionId);
        this.logger.warn({ err: error, triggerId, parentSessionId }, 'A parent could not be told; it is tried again');
      }
    }
    return accepted;
  }

  /** The parent gets it, and the child's own history has it as fired. */
  private async tell(parent: SessionEntity, report: ChildReportEntity): Promise<void> {
    const trigger = triggerOf(report);
    await this.fire.own(parent, trigger);
    const deliveryId = deliveryIdOf(trigger.triggerId, parent.sessionId);
    const delivered = { ...trigger, runnerId: parent.runnerId, subscriptionIds: [] };
    await this.history.enterFired(report.sessionId, deliveryId, delivered);
  }
}

function triggerOf({ triggerId, sessionId, type, payload, summary, createdAt }: ChildReportEntity): Trigger {
  const content: unknown = JSON.parse(payload);
  if (!payloadCheck.Check(content)) throw new Error(`The report ${triggerId} has no payload.`);
  return {
    triggerId,
    type,
    payload: content,
    source: `session:${sessionId}`,
    deliverAs: URGENT.has(type) ? 'steer' : 'followUp',
    summary,
    ts: createdAt.toISOString(),
    childSessionId: sessionId,
  };
}
