import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RelayApi, RelayProcess, removeFolder, ScriptedRunner, temporaryFolder } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem } from './problem.js';

const SIZE_MB = 24;

/** Needs the right to mount a small file system; elsewhere the mapping of the drivers' errors is shown by unit tests alone. */
export function noSpaceLeft(): void {
  describe.skipIf(!canMount())('no disk space for the database', () => {
    let home: string;
    let disk: string;
    let relay: RelayProcess;
    beforeAll(async () => {
      home = await temporaryFolder('storage');
      disk = await temporaryFolder('small-disk');
      mount(disk);
      await mkdir(join(disk, 'db'));
      relay = await RelayProcess.start({ home, databaseUrl: `sqlite:${join(disk, 'db', 'pizzapi.db')}` });
    });
    afterAll(async () => {
      await relay.stop();
      unmount(disk);
      await Promise.all([removeFolder(home), removeFolder(disk)]);
    });

    it('is said as 503 storage_full, makes nothing half, and is over when space is back', async () => {
      const ada = await new RelayApi(relay.url).register('ada@example.com');
      const runner = await ScriptedRunner.connect(ada);
      const filler = join(disk, 'filler');
      const create = (): ReturnType<typeof ada.post> =>
        ada.post('/api/sessions', {
          runnerId: runner.runnerId,
          name: 'x'.repeat(200),
          cwd: `/srv/code/${'y'.repeat(4_000)}`,
        });
      await fill(filler);
      const answers = [];
      for (let attempt = 0; attempt < 400 && answers.at(-1)?.status !== 503; attempt++) answers.push(await create());
      const refused = answers.at(-1);
      if (!refused) throw new Error('Nothing was answered.');
      expect(expectProblem(refused, 503, 'storage_full').detail).toContain('disk space');
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await sessionCount(ada)).toBe(answers.length - 1);

      await rm(filler);
      expect((await create()).status).toBe(202);
      expect(await sessionCount(ada)).toBe(answers.length);
      runner.stop();
    });
  });
}

async function sessionCount(api: RelayApi): Promise<number> {
  let [count, cursor] = [0, ''];
  do {
    const { body } = await api.get<{ sessions: unknown[]; nextCursor?: string }>(`/api/sessions?limit=200${cursor}`);
    count += body.sessions.length;
    cursor = body.nextCursor === undefined ? '' : `&cursor=${encodeURIComponent(body.nextCursor)}`;
  } while (cursor !== '');
  return count;
}

/** Writes until there is no byte left. */
async function fill(file: string): Promise<void> {
  try {
    await writeFile(file, Buffer.alloc((SIZE_MB + 1) * 1024 * 1024));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}

function mount(folder: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m`, 'tmpfs', folder], { stdio: 'ignore' });
}

function unmount(folder: string): void {
  execFileSync('umount', [folder], { stdio: 'ignore' });
}

function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), 'pizzapi-mount-'));
  try {
    mount(folder);
    unmount(folder);
    return true;
  } catch {
    return false; // a container without that right
  } finally {
    rmdirSync(folder);
  }
}
