import { withoutDescriptors } from '@pizzapi/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { NoSpareServerError, SpareServers } from './spare-servers.js';

let servers: SpareServers;
beforeEach(async () => {
  servers = new SpareServers();
  await servers.fill();
});
afterEach(() => {
  servers.closeAll();
  vi.restoreAllMocks();
});

const takeAll = (): number => {
  let taken = 0;
  try {
    for (;;) {
      servers.take();
      taken += 1;
    }
  } catch (error) {
    expect(error).toBeInstanceOf(NoSpareServerError);
    return taken;
  }
};

it('are as many again once there was a pause', async () => {
  expect(takeAll()).toBe(8);
  await servers.fill();
  await expect.poll(takeAll).toBe(8);
});

it.skipIf(process.platform !== 'linux')('go on where no further one can be opened, and fill up later', async () => {
  const said = vi.spyOn(console, 'error').mockReturnValue(undefined);
  await withoutDescriptors(async () => {
    servers.take();
    await expect.poll(() => said.mock.calls.length).toBe(1);
  });
  servers.take();
  await expect.poll(takeAll).toBe(8);
});
