import type { SigilDef } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { AnnouncedSigils } from './announced-sigils.js';

const sigil: SigilDef = { serviceId: 'github', type: 'pr', label: 'Pull request' };

describe('AnnouncedSigils', () => {
  it('waits for the first announcement', async () => {
    const sigils = new AnnouncedSigils(60_000);
    const asked = sigils.current();
    sigils.take([sigil]);
    expect(await asked).toEqual([sigil]);
    sigils.take([]);
    expect(await sigils.current()).toEqual([]);
  });

  it('waits for one that does not come once, and not for long', async () => {
    const sigils = new AnnouncedSigils(20);
    const first = sigils.current();
    const second = sigils.current();
    expect(await Promise.all([first, second])).toEqual([[], []]);
    const waited = new Promise((resolve) => setImmediate(() => resolve('it waited')));
    expect(await Promise.race([sigils.current(), waited])).toEqual([]);
    sigils.take([sigil]);
    expect(await sigils.current()).toEqual([sigil]);
  });
});
