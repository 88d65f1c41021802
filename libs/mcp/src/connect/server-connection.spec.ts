import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { localPrograms } from './local-program.js';
import type { StartProgram } from './program.js';
import { ServerConnection } from './server-connection.js';

it('starts nothing where the session closes while it is asked whether it may', async () => {
  const may = Promise.withResolvers<boolean>();
  const started: string[] = [];
  const startProgram: StartProgram = (order, onOutput) => {
    started.push(order.command);
    return localPrograms(() => ({}))(order, onOutput);
  };
  const connection = new ServerConnection(
    { name: 'slow', source: 'project', path: '-', settings: { command: process.execPath, args: ['-e', ''] } },
    {
      cwd: tmpdir(),
      env: {},
      startProgram,
      mayReach: () => true,
      client: { name: 'test', version: '1' },
      mayStart: () => may.promise,
      ask: () => Promise.resolve({ action: 'cancel' }),
    },
    {
      onTools: () => undefined,
      onPrompts: () => undefined,
      onResources: () => undefined,
      onFailed: (reason) => expect.unreachable(reason),
    },
  );
  const starting = connection.start();
  await connection.close();
  may.resolve(true);
  await starting;
  expect(started).toEqual([]);
});
