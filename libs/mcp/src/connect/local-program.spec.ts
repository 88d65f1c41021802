import { withoutDescriptors } from '@pizzapi/testing';
import { expect, it } from 'vitest';
import { localPrograms } from './local-program.js';

it.skipIf(process.platform !== 'linux')('where no more files can be opened, only the start fails', async () => {
  const start = localPrograms(() => process.env);
  const order = { command: 'cat', args: [], cwd: '/', env: {} };
  const failure = await withoutDescriptors(() => start(order, () => undefined).catch(String));
  expect(failure).toContain('EMFILE');
  const program = await start(order, () => undefined);
  program.kill();
  expect(await program.ended).toBe('It was ended by SIGKILL.');
});
