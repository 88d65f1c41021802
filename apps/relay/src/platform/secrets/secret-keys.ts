import { hkdfSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { RelayConfig } from '../../config/config.js';
import { InvalidConfigError } from '../../config/invalid-config.error.js';

/**
 * The keys that sign and encrypt: `PIZZAPI_SECRET_KEY`, or one made and kept in the data directory. Each purpose gets a key of
 * its own, so that what one signs is worth nothing to another.
 */
@Injectable()
export class SecretKeys {
  private readonly roots: readonly string[];

  constructor(config: RelayConfig) {
    if (config.secretKeys === null && config.replicaUrl !== null) {
      throw new InvalidConfigError(
        'PIZZAPI_SECRET_KEY',
        'is needed with more than one replica, the same for all; make one with: openssl rand -hex 32',
      );
    }
    this.roots = config.secretKeys ?? [keptKey(config.dataDir)];
  }

  /** For signing and encrypting: the current key. */
  current(purpose: string): Buffer {
    const [root] = this.roots;
    if (root === undefined) throw new Error('There is no secret key.');
    return derive(root, purpose);
  }

  /** For verifying and decrypting: the current key first, then the one before it. */
  all(purpose: string): Buffer[] {
    return this.roots.map((root) => derive(root, purpose));
  }
}

function derive(root: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', root, '', `pizzapi:${purpose}`, 32));
}

function keptKey(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'secret-key');
  try {
    // Fails when it exists, so two starts at once agree on one key.
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return readFileSync(file, 'utf8');
}
