import { readUntilFresh } from './read-until-fresh';

describe('readUntilFresh', () => {
  it('reads once more for all that was asked for meanwhile, and never twice at a time', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let begun = 0;
    const ask = readUntilFresh(
      () => gates[begun++]?.promise ?? Promise.reject(new Error('Nobody asked for this one.')),
    );
    const asked = [ask(), ask(), ask()];
    expect(begun).toBe(1);
    gates[0]?.resolve();
    await expect.poll(() => begun).toBe(2);
    gates[1]?.resolve();
    await Promise.all(asked);
    expect(begun).toBe(2);
  });

  it('reads again when it is asked after all that', async () => {
    let count = 0;
    const ask = readUntilFresh(async () => void count++);
    await ask();
    await ask();
    expect(count).toBe(2);
  });

  it('goes on after a reading that threw', async () => {
    let count = 0;
    const ask = readUntilFresh(async () => {
      if (++count === 1) throw new Error('once');
    });
    await expect(ask()).rejects.toThrow('once');
    await ask();
    expect(count).toBe(2);
  });
});
