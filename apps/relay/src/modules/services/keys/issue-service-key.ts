import { Injectable } from '@nestjs/common';
import { v7 } from 'uuid';
import { Database } from '../../../platform/database/database.js';
import { lock } from '../../../platform/database/lock.js';
import { ApiKeyRepository, FirstAccount } from '../../auth/index.js';
import { RunnerAccess } from '../../runners/index.js';

/** Gives a service its key: good for firing its own triggers on its own runner. The one that it had before ends. */
@Injectable()
export class IssueServiceKey {
  constructor(
    private readonly runners: RunnerAccess,
    private readonly keys: ApiKeyRepository,
    private readonly firstAccount: FirstAccount,
    private readonly database: Database,
  ) {}

  /** @returns the key, which nobody can read again. @throws ProblemError `not_found` when the runner was removed */
  async run(runnerId: string, serviceId: string): Promise<string> {
    const runner = await this.runners.requireItself(runnerId);
    const owner = await this.ownerOf(runner);
    const { key } = await this.database.write(async (manager) => {
      await lock(manager, `service-key ${runnerId} ${serviceId}`);
      await this.keys.endServiceKeys(manager, runnerId, serviceId);
      const name = `Service ${serviceId} of ${runner.givenName ?? runner.name}`;
      return this.keys.create(manager, { operationId: v7(), name, ...owner, runnerId, serviceId });
    });
    return key;
  }

  /** The first account has the keys of an enrolled runner a moment before it has the runner. */
  private async ownerOf({ ownerId, organisationId }: Owned): Promise<Owned> {
    if (ownerId !== null) return { ownerId, organisationId };
    const first = await this.firstAccount.find();
    return { ownerId: first?.userId ?? null, organisationId: first?.organisationId ?? null };
  }
}

interface Owned {
  ownerId: string | null;
  organisationId: string | null;
}
