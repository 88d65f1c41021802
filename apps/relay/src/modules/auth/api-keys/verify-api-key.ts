import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { VersionedCache } from '../../../platform/cache/versioned-cache.js';
import { FirstAccount } from '../accounts/first-account.repository.js';
import type { AnyCaller, Credential } from '../caller.js';
import { hashOfApiKey, isSameHash } from './api-key.format.js';
import { ApiKeyRepository, type KnownKey } from './api-key.repository.js';
import { KeysVersion } from './keys-version.js';

/** How precise `lastUsedAt` is. It is for people, who do not need a write for every request. */
const TOUCH_EVERY_MS = 60_000;

const MAX_KEYS = 10_000;

/**
 * Verifies API keys. Known keys are cached under a version that is read from Redis every time, so that once a revocation has been answered, the
 * key is refused on all replicas.
 */
@Injectable()
export class VerifyApiKey {
  private readonly known = new VersionedCache<KnownKey | null>(MAX_KEYS);
  private readonly touched = new Map<string, number>();

  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly version: KeysVersion,
    private readonly firstAccount: FirstAccount,
    private readonly logger: PinoLogger,
  ) {}

  /**
   * @param version of all keys, if it has been requested since the key was received
   * @returns null for a key that is forged, revoked or expired, or whose owner was deleted
   */
  async run(key: string, version?: Promise<string>): Promise<AnyCaller | null> {
    const hash = hashOfApiKey(key);
    const found = hash === null ? null : await this.find(hash, await (version ?? this.version.read()));
    if (hash === null || !found || !isSameHash(found.hash, hash) || !isValid(found)) return null;
    this.touch(found.keyId);
    return this.callerOf(found);
  }

  /** As {@link run}, for a key that was verified before. */
  async byId(keyId: string): Promise<AnyCaller | null> {
    const found = await this.keys.findById(keyId);
    return found && isValid(found) ? this.callerOf(found) : null;
  }

  private async callerOf(found: KnownKey): Promise<AnyCaller | null> {
    const credential: Credential = { kind: 'key', keyId: found.keyId, expiresAt: found.expiresAt };
    const { runnerId, serviceId, ownerId, owner } = found;
    if (runnerId !== null && serviceId !== null) return { kind: 'service', runnerId, serviceId, credential };
    if (runnerId !== null) return { kind: 'runner', runnerId, ...(await this.ownerOf(found)), credential };
    return ownerId === null || owner === null ? null : { kind: 'person', userId: ownerId, ...owner, credential };
  }

  private async find(hash: string, version: string): Promise<KnownKey | null> {
    return this.known.get(version, hash, async () => {
      const value = await this.keys.findByHash(hash);
      // Unknown keys are not cached: they may be created at any time, and there is no end of them.
      return { value, weight: value === null ? Infinity : 1 };
    });
  }

  /** A key that was issued while the first account was being created may not have been assigned to it. */
  private async ownerOf(key: KnownKey): Promise<{ ownerId: string | null; organisationId: string | null }> {
    if (key.ownerId !== null) return { ownerId: key.ownerId, organisationId: key.organisationId };
    const first = await this.firstAccount.find();
    return { ownerId: first?.userId ?? null, organisationId: first?.organisationId ?? null };
  }

  private touch(keyId: string): void {
    const now = Date.now();
    if (now - (this.touched.get(keyId) ?? 0) < TOUCH_EVERY_MS) return;
    this.touched.set(keyId, now);
    this.keys
      .touch(keyId)
      .catch((error: unknown) => this.logger.warn({ err: error, keyId }, 'The last use of a key could not be written'));
  }
}

function isValid(key: KnownKey): boolean {
  return key.revokedAt === null && (key.expiresAt === null || key.expiresAt > new Date());
}
