import { once } from 'node:events';
import { createServer } from 'node:net';
import { RedisServer, RelayProcess, removeFolder, temporaryFolder } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** A relay that must not start says why in one line, and ends with 1. */
export function refusedStarts(): void {
  describe('a relay that cannot run safely does not start', () => {
    let home: string;
    beforeAll(async () => {
      home = await temporaryFolder('refused-start');
    });
    afterAll(() => removeFolder(home));

    it('on a port that is taken', async () => {
      const squatter = createServer().listen(0, '127.0.0.1');
      await once(squatter, 'listening');
      const address = squatter.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      const said = await refusal({ env: { PIZZAPI_PORT: String(port) } });
      expect(said).toBe(`Port ${port} is taken by another program; stop it or set PIZZAPI_PORT to a free port.`);
      squatter.close();
    });

    it.each([
      ['without an append-only file', ['--appendonly', 'no'], 'appendonly is "no", set it to "yes"'],
      [
        'that evicts',
        ['--maxmemory-policy', 'allkeys-lru'],
        'maxmemory-policy is "allkeys-lru", set it to "noeviction"',
      ],
    ])('on a Redis %s', async (_name, settings, sentence) => {
      await using redis = await RedisServer.start(...settings);
      expect(await refusal({ redisUrl: redis.url })).toContain(sentence);
    });

    it('with a setting that is nonsense', async () => {
      expect(await refusal({ env: { PIZZAPI_REGISTRATION: 'everybody' } })).toBe(
        'PIZZAPI_REGISTRATION "everybody" is not one of invite, open, closed.',
      );
    });

    async function refusal(options: { redisUrl?: string; env?: Record<string, string> }): Promise<string> {
      const { exitCode, output } = await RelayProcess.refused({ home, ...options });
      expect(exitCode).toBe(1);
      expect(output.trim().split('\n')).toHaveLength(1);
      return output.trim();
    }
  });
}
