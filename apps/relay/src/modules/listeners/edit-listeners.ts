import { Injectable } from '@nestjs/common';
import { IdPrefix, type ListenerView, MissedRuns, ProblemCode } from '@pizzapi/protocol';
import { RelayConfig } from '../../config/config.js';
import { conflict, notFound } from '../../platform/http/problem.error.js';
import type { Caller } from '../auth/index.js';
import { CheckFolder, type RunnerEntity, WantedVersion } from '../runners/index.js';
import { HeldSessions } from '../sessions/index.js';
import { checkCriteria, storedCriteria, type StoredCriteria, TriggerTypes } from '../triggers/index.js';
import { DisableListeners } from './disable-listeners.js';
import { ListenerEntity } from './listener.entity.js';
import { type ListenerFields, ListenerRepository, type ListenerTarget } from './listener.repository.js';

const MAX_PER_RUNNER = 1_000;

/** What a person can set of a listener. What is left out gets its default. */
export interface ListenerOptions {
  prompt?: string | null;
  cwd?: string | null;
  model?: ListenerView['model'];
  params?: ListenerView['params'];
  filters?: ListenerView['filters'];
  filterMode?: ListenerView['filterMode'];
  enabled?: boolean;
  maxWaitMs?: number;
  maxConcurrent?: number | null;
  missedRuns?: MissedRuns;
}

/** Creates, replaces and removes a runner's listeners. This leaves sessions alone that they have started, or will start for triggers from before. */
@Injectable()
export class EditListeners {
  constructor(
    private readonly listeners: ListenerRepository,
    private readonly types: TriggerTypes,
    private readonly checkFolder: CheckFolder,
    private readonly held: HeldSessions,
    private readonly disable: DisableListeners,
    private readonly wanted: WantedVersion,
    private readonly config: RelayConfig,
  ) {}

  /** The same operation again returns the same listener. @throws ProblemError `unknown_trigger_type`, `folder_outside_roots`, `too_many_listeners` */
  async create(
    caller: Caller,
    runner: RunnerEntity,
    operationId: string,
    triggerType: string,
    options: ListenerOptions,
  ): Promise<ListenerEntity> {
    // Looked up before anything could refuse this try: an earlier one may have succeeded although its answer was lost.
    const known = await this.listeners.findEvenDeleted(IdPrefix.listener + operationId);
    const listener = known ?? (await this.make(caller, runner, operationId, triggerType, options));
    await this.wanted.bump(runner.runnerId, { isOfListeners: true });
    return listener;
  }

  /** @returns how many there were. @throws ProblemError `not_found` for an id, `unknown_trigger_type`, `folder_outside_roots` */
  async replace(
    runner: RunnerEntity,
    target: ListenerTarget,
    triggerType: string | undefined,
    options: ListenerOptions,
  ): Promise<number> {
    const { runnerId } = runner;
    const before = await this.listeners.findAll(runnerId, target);
    // Only a new type is checked: a type whose service is gone for good must not keep its listener from being changed.
    if (triggerType !== undefined && before.some((listener) => listener.triggerType !== triggerType))
      this.types.declared(runner, triggerType);
    // Likewise for the folder: the runner's roots may have changed since.
    if (options.cwd && before.some(({ cwd }) => cwd !== options.cwd)) await this.checkFolder.run(runner, options.cwd);
    const fields = { ...this.fieldsOf(options), ...(triggerType === undefined ? {} : { triggerType }) };
    const count = await this.listeners.replace(runnerId, target, fields);
    if (count === 0 && 'listenerId' in target) throw notFound('listener');
    // Enabling does not bring back a listener whose creator has left, and the answer shows that.
    if (fields.enabled) await this.disable.run(runnerId);
    await this.wanted.bump(runnerId, { isOfListeners: true });
    for (const { listenerId } of before) await this.held.admit(listenerId, fields.maxConcurrent);
    return count;
  }

  /** @returns how many there were. @throws ProblemError `not_found` for an id */
  async remove(runnerId: string, target: ListenerTarget): Promise<number> {
    const count = await this.listeners.remove(runnerId, target);
    if (count === 0 && 'listenerId' in target) throw notFound('listener');
    await this.wanted.bump(runnerId, { isOfListeners: true });
    return count;
  }

  private async make(
    caller: Caller,
    runner: RunnerEntity,
    operationId: string,
    triggerType: string,
    options: ListenerOptions,
  ): Promise<ListenerEntity> {
    this.types.declared(runner, triggerType);
    if (options.cwd) await this.checkFolder.run(runner, options.cwd);
    const now = new Date();
    const listener = Object.assign(new ListenerEntity(), {
      listenerId: IdPrefix.listener + operationId,
      runnerId: runner.runnerId,
      organisationId: caller.organisationId,
      createdBy: caller.userId,
      triggerType,
      ...this.fieldsOf(options),
      deletedAt: null,
      createdAt: now,
      updatedAt: now,
    });
    const added = await this.listeners.add(listener, MAX_PER_RUNNER);
    if (!added)
      throw conflict(
        ProblemCode.tooManyListeners,
        `The runner has ${MAX_PER_RUNNER} listeners already; remove some, or tell triggers apart in one session.`,
      );
    return added;
  }

  /** @throws ProblemError `invalid_request` for criteria that are too long */
  private fieldsOf(options: ListenerOptions): Omit<ListenerFields, 'triggerType'> {
    const { model, prompt = null, cwd = null, maxConcurrent = null } = options;
    return {
      ...criteriaOf(options),
      prompt,
      cwd,
      modelProvider: model?.provider ?? null,
      modelId: model?.id ?? null,
      enabled: options.enabled ?? true,
      disabledReason: null,
      maxWaitMs: options.maxWaitMs ?? this.config.spawnMaxWaitMs,
      maxConcurrent,
      missedRuns: options.missedRuns ?? MissedRuns.all,
    };
  }
}

function criteriaOf({ params, filters, filterMode }: ListenerOptions): StoredCriteria {
  const criteria = { params: params ?? undefined, filters: filters ?? undefined, filterMode };
  checkCriteria(criteria);
  return storedCriteria(criteria);
}
