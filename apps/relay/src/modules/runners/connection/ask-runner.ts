import { Injectable } from '@nestjs/common';
import {
  FolderListing,
  type ListFolders,
  ModelList,
  Namespace,
  ProblemCode,
  type ReadServiceLog,
  type ServiceCommand,
  ServiceLog,
} from '@pizzapi/protocol';
import { type Static, type TSchema, Type } from 'typebox';
import { unavailable } from '../../../platform/http/problem.error.js';
import { Ask, NoAnswerError } from '../../../platform/sockets/ask.js';
import { Presence } from '../../../platform/sockets/presence.js';

const TIMEOUT_MS = 15_000;
/** The daemon starts pi in a child process for this, which is slow on a busy machine. It gives up before this timeout, and says so. */
const MODELS_TIMEOUT_MS = 50_000;
const NothingMore = Type.Object({});
const FoldersAnswer = Type.Object({ listing: FolderListing });

/** Asks a daemon what only it knows, over its socket, whichever replica holds that. */
@Injectable()
export class AskRunner {
  constructor(
    private readonly ask: Ask,
    private readonly presence: Presence,
  ) {}

  async models(runnerId: string): Promise<Static<typeof ModelList>> {
    const { models } = await this.question(runnerId, 'runner:list-models', {}, ModelList, MODELS_TIMEOUT_MS);
    return { models };
  }

  /** Lists a folder; without a path, the first workspace root. */
  async folders(runnerId: string, request: ListFolders): Promise<FolderListing> {
    return (await this.question(runnerId, 'runner:list-folders', request, FoldersAnswer)).listing;
  }

  /** Resolves once the command was carried out or is under way. @throws ProblemError `service_unknown` */
  async commandService(runnerId: string, serviceId: string, command: ServiceCommand): Promise<void> {
    await this.question(runnerId, 'runner:command-service', { serviceId, command }, NothingMore);
  }

  /** The last lines that a service wrote, or those before a place; oldest first. @throws ProblemError `service_unknown` */
  serviceLog(runnerId: string, request: ReadServiceLog): Promise<ServiceLog> {
    return this.question(runnerId, 'runner:read-service-log', request, ServiceLog);
  }

  /** Checks that a port of the runner's machine may be exposed. @throws ProblemError `port_refused`, `runner_offline` */
  async checkPort(runnerId: string, port: number): Promise<void> {
    await this.question(runnerId, 'runner:check-port', { port }, NothingMore);
  }

  /** @throws ProblemError `runner_offline`, or what the daemon refused with */
  private async question<S extends TSchema>(
    runnerId: string,
    message: string,
    data: object,
    answer: S,
    timeoutMs = TIMEOUT_MS,
  ): Promise<Static<S>> {
    const holder = await this.presence.holderOf('runners', runnerId);
    if (!holder) throw unavailable(ProblemCode.runnerOffline, 'The runner is offline; start it and try again.');
    try {
      return await this.ask.client(holder, {
        namespace: Namespace.runner,
        message,
        data,
        answer,
        timeoutMs,
      });
    } catch (error) {
      if (error instanceof NoAnswerError)
        throw unavailable(
          ProblemCode.runnerOffline,
          'The runner did not answer. Its machine may be busy, or it has just gone; try again.',
        );
      throw error;
    }
  }
}
