import { Injectable } from '@nestjs/common';
import { v7 } from 'uuid';
import { Database } from '../../../platform/database/database.js';
import { lock } from '../../../platform/database/lock.js';
import { ApiKeyRepository, FirstAccount } from '../../auth/index.js';
import { RunnerAccess } from '../../runners/index.js';

/** Issues a service's key, with which it can only fire its own triggers on its own runner. Revokes the previous one. */
@Injectable()
export class IssueServiceKey {
  constructor(
    private readonly runners: RunnerAccess,
    private readonly keys: ApiKeyRepository,
    private readonly firstAccount: FirstAccount,
    private readonly database: Database,
  ) {}

  /** @returns the key, of which only the hash is stored. @throws ProblemError `not_found` if the runner was removed */
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

  /** The owner of the runner's key: when the first account is created, it takes over an enrolled runner's keys before the runner. */
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
