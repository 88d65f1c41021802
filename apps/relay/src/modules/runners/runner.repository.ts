import { Injectable } from '@nestjs/common';
import type { RunnerHello, ServiceAnnouncement } from '@pizzapi/protocol';
import { In, IsNull } from 'typeorm';
import { noteForCommit } from '../../platform/database/commit-notes.js';
import { Database } from '../../platform/database/database.js';
import { SharedClock } from '../../platform/redis/shared-clock.js';
import { ApiKeyRepository } from '../auth/index.js';
import { RunnerEntity } from './runner.entity.js';

/** A topic for `noteForCommit`, with runner ids as keys: the owner, the announcement or the given name has changed. */
export const RUNNER_CHANGED = 'runner-changed';

/** Whose a runner is. The one that comes with the relay has no owner until the first account adopts it. */
export interface RunnerOwner {
  ownerId: string | null;
  organisationId: string | null;
}

@Injectable()
export class RunnerRepository {
  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeyRepository,
    private readonly clock: SharedClock,
  ) {}

  find(runnerId: string): Promise<RunnerEntity | null> {
    return this.database.read.findOneBy(RunnerEntity, { runnerId });
  }

  findMany(runnerIds: readonly string[]): Promise<RunnerEntity[]> {
    return runnerIds.length === 0
      ? Promise.resolve([])
      : this.database.read.findBy(RunnerEntity, { runnerId: In([...runnerIds]) });
  }

  async idsOf(ownerId: string): Promise<string[]> {
    const rows = await this.database.read.find(RunnerEntity, { where: { ownerId }, select: { runnerId: true } });
    return rows.map(({ runnerId }) => runnerId);
  }

  /** An owner's runners by id, from after `cursor` on. */
  page(ownerId: string, cursor: string | null, limit: number): Promise<RunnerEntity[]> {
    const query = this.database.read.createQueryBuilder(RunnerEntity, 'r').where('r.ownerId = :ownerId', { ownerId });
    if (cursor !== null) query.andWhere('r.runnerId > :cursor', { cursor });
    return query.orderBy('r.runnerId').take(limit).getMany();
  }

  /**
   * Stores how a runner introduces itself.
   * @returns false when the id belongs to somebody else
   */
  async upsert(hello: RunnerHello, owner: RunnerOwner): Promise<boolean> {
    return this.database.write(async (manager) => {
      const now = this.clock.now();
      const { runnerId, name, platform, version, roots, sandboxGap = null, abilities = null } = hello;
      await manager
        .createQueryBuilder()
        .insert()
        .into(RunnerEntity)
        .values({
          runnerId,
          ...owner,
          name,
          givenName: null,
          platform,
          version,
          roots,
          sandboxGap,
          abilities,
          announcement: null,
          lastSeenAt: now,
          createdAt: now,
        })
        .orIgnore()
        .execute();
      const known = await manager.findOneByOrFail(RunnerEntity, { runnerId });
      // A runner without an owner gets the one of the key that it connects with; a key without an owner takes none away.
      if (known.ownerId !== null && owner.ownerId !== null && known.ownerId !== owner.ownerId) return false;
      const claimed = known.ownerId === null ? owner : {};
      if (known.ownerId === null) noteForCommit(manager, RUNNER_CHANGED, runnerId);
      const said = { name, platform, version, roots, sandboxGap, abilities };
      await manager.update(RunnerEntity, { runnerId }, { ...claimed, ...said, lastSeenAt: now });
      const { ownerId, organisationId } = owner;
      if (known.ownerId === null && ownerId !== null && organisationId !== null)
        await this.keys.adopt(manager, { ownerId, organisationId }, runnerId);
      return true;
    });
  }

  /** @returns false when it is what was announced before */
  async announce(runnerId: string, announcement: ServiceAnnouncement): Promise<boolean> {
    const text = JSON.stringify(announcement);
    const known = await this.find(runnerId);
    if (!known || JSON.stringify(known.announcement) === text) return false;
    await this.database.write((manager) => {
      noteForCommit(manager, RUNNER_CHANGED, runnerId);
      return (
        manager
          .createQueryBuilder()
          .update(RunnerEntity)
          // As JSON text: TypeORM's types do not accept values of any shape, such as schemas.
          .set({ announcement: () => ':text' })
          .where({ runnerId })
          .setParameter('text', text)
          .execute()
      );
    });
    return true;
  }

  async rename(runnerId: string, givenName: string): Promise<void> {
    await this.database.write((manager) => {
      noteForCommit(manager, RUNNER_CHANGED, runnerId);
      return manager.update(RunnerEntity, { runnerId }, { givenName });
    });
  }

  async seen(runnerIds: readonly string[]): Promise<void> {
    await this.database.write((manager) =>
      manager.update(RunnerEntity, { runnerId: In([...runnerIds]) }, { lastSeenAt: this.clock.now() }),
    );
  }

  /** Also ends the keys of its services, so that copies on its machine are worthless. */
  async delete(runnerId: string): Promise<void> {
    await this.database.write(async (manager) => {
      noteForCommit(manager, RUNNER_CHANGED, runnerId);
      await manager.delete(RunnerEntity, { runnerId });
      await this.keys.endServiceKeys(manager, runnerId);
    });
  }

  /** Gives runners without an owner to the first account. @returns their ids */
  async adopt(owner: { ownerId: string; organisationId: string }): Promise<string[]> {
    return this.database.write(async (manager) => {
      const orphans = await manager.find(RunnerEntity, { where: { ownerId: IsNull() }, select: { runnerId: true } });
      await manager.update(RunnerEntity, { ownerId: IsNull() }, owner);
      for (const { runnerId } of orphans) noteForCommit(manager, RUNNER_CHANGED, runnerId);
      // Again, although registering the account did so: a service may have got its key at that very moment.
      await this.keys.adopt(manager, owner);
      return orphans.map(({ runnerId }) => runnerId);
    });
  }
}
