import { readdirSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionView } from '@pizzapi/protocol';
import { ScriptedRunner } from '@pizzapi/testing';
import { describe, expect, it } from 'vitest';
import type { Product } from './product.js';
import { expectProblem } from './problem.js';

const isOver = ({ status }: SessionView): boolean => status === 'failed';

export function sessionsThatCannotRun(product: () => Product): void {
  describe('a session that cannot run says why', () => {
    it('folder outside the roots: it is not even made', async () => {
      const { ada, runner, code } = product();
      const attempt = (cwd: string): ReturnType<typeof ada.post> =>
        ada.post('/api/sessions', { runnerId: runner.runnerId, cwd });
      const { detail } = expectProblem(await attempt('/etc'), 422, 'folder_outside_roots');
      expect(detail).toContain(`(${code})`);
      expect(detail).toContain('PIZZAPI_WORKSPACE_ROOTS');
      expectProblem(await attempt(join(code, '..', 'other')), 422, 'folder_missing');
      expectProblem(await attempt(join(code, '..')), 422, 'folder_outside_roots');
      expectProblem(await attempt('relative/path'), 422, 'folder_outside_roots');
    });

    it('folder inside the roots, through a link from outside of them', async () => {
      const link = join(product().home, 'way-in');
      await symlink(product().code, link);
      const sessionId = await product().create({ cwd: link, model: { provider: 'demo', id: 'demo' } });
      const { cwd } = await product().session(sessionId, ({ status }) => status === 'active');
      expect(cwd).toBe(product().code);
    });

    it('folder outside the roots, through a link inside of them', async () => {
      const link = join(product().code, 'way-out');
      await symlink('/etc', link);
      expect((await failureIn(link))?.code).toBe('folder_outside_roots');
      expectProblem(
        await product().ada.get(`/api/runners/${product().runner.runnerId}/folders?path=${encodeURIComponent(link)}`),
        422,
        'folder_outside_roots',
      );
    });

    it('folder that does not exist, resumed once it does', async () => {
      const folder = join(product().code, 'not-yet');
      const sessionId = await product().create({ cwd: folder, prompt: 'Wait for the folder' });
      expect((await product().session(sessionId, isOver)).failure).toEqual({
        code: 'folder_missing',
        detail: expect.stringContaining(folder),
      });
      await mkdir(folder);
      expect((await product().ada.post(`/api/sessions/${sessionId}/resume`)).status).toBe(202);
      const session = await product().session(
        sessionId,
        ({ status, activity, lastEventSeq }) => status === 'active' && activity === 'idle' && lastEventSeq > 5,
      );
      expect(session).toMatchObject({ cwd: folder, failure: null });
    });

    it('unknown model', async () => {
      const sessionId = await product().create({ model: { provider: 'nobody', id: 'nothing' } });
      expect((await product().session(sessionId, isOver)).failure).toEqual({
        code: 'model_unknown',
        detail: expect.stringContaining('nobody/nothing'),
      });
    });

    it('model settings with a slip', async () => {
      const file = join(product().home, 'agent', 'models.json');
      await writeFile(file, '{ "providers": ');
      const sessionId = await product().create({});
      expect((await product().session(sessionId, isOver)).failure).toEqual({
        code: 'no_model_configured',
        detail: expect.stringContaining(file),
      });
      await rm(file);
    });

    it('a runner that is away: the session waits, visibly, and can be cancelled', async () => {
      const { ada } = product();
      const runner = await ScriptedRunner.connect(ada, 'away');
      runner.stop();
      const sessionId = await product().create({ runnerId: runner.runnerId, prompt: 'Are you there?' });
      expect(await product().session(sessionId, () => true)).toMatchObject({ status: 'pending', isConnected: false });
      const waiting = await ada.get<{ inputs: { text: string }[] }>(`/api/sessions/${sessionId}/inputs`);
      expect(waiting.body.inputs.map(({ text }) => text)).toEqual(['Are you there?']);
      expect(await ada.post(`/api/sessions/${sessionId}/stop`)).toMatchObject({
        status: 202,
        body: { status: 'cancelled' },
      });
      expectProblem(await ada.post(`/api/sessions/${sessionId}/input`, { text: 'Hello?' }), 409, 'session_ended');
      expectProblem(await ada.post(`/api/sessions/${sessionId}/abort`), 409, 'session_ended');
    });

    it('a corrupt session file: named with its line, mended, resumed', async () => {
      const { ada } = product();
      const sessionId = await product().create({ model: { provider: 'demo', id: 'demo' } });
      await product().session(sessionId, ({ status, activity }) => status === 'active' && activity === 'idle');
      await ada.post(`/api/sessions/${sessionId}/stop`);
      await product().session(sessionId, ({ status }) => status === 'ended');
      const file = fileOf(sessionId);
      const whole = await readFile(file);
      await appendFile(file, '{"type":"message", broken\n{"type":"message"}\n');
      await ada.post(`/api/sessions/${sessionId}/resume`);
      const { failure } = await product().session(sessionId, isOver);
      expect(failure?.code).toBe('session_file_corrupt');
      expect(failure?.detail).toContain(file);
      expect(failure?.detail).toContain(`line ${whole.toString().split('\n').length}`);
      await writeFile(file, whole);
      await ada.post(`/api/sessions/${sessionId}/resume`);
      const mended = await product().session(sessionId, ({ status }) => status === 'active');
      expect(mended.failure).toBeNull();
    });

    async function failureIn(cwd: string): Promise<SessionView['failure']> {
      return (await product().session(await product().create({ cwd }), isOver)).failure;
    }

    function fileOf(sessionId: string): string {
      const folder = join(product().home, 'agent', 'sessions');
      const name = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((each) =>
        each.endsWith(`${sessionId}.jsonl`),
      );
      if (name === undefined) throw new Error(`No file of session ${sessionId}.`);
      return join(folder, name);
    }
  });
}
