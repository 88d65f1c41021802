import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lucideFile } from './lucide-file';

/** What the relay has; anything else is a 404. */
const FILES = ['/lucide/activity.svg', '/lucide/git-merge.svg'];
const asked: string[] = [];
class FakeImage {
  onload: () => void = () => undefined;
  onerror: () => void = () => undefined;
  set src(address: string) {
    asked.push(address);
    queueMicrotask(() => (FILES.includes(address) ? this.onload() : this.onerror()));
  }
}

describe('lucideFile', () => {
  beforeEach(() => {
    vi.stubGlobal('Image', FakeImage);
    asked.length = 0;
  });
  afterEach(() => vi.unstubAllGlobals());

  it('knows icons by name, asking for each once', async () => {
    expect(await Promise.all([lucideFile('activity'), lucideFile('activity')])).toEqual([FILES[0], FILES[0]]);
    expect(asked).toEqual([FILES[0]]);
  });

  it('has a square for what there is not', async () => {
    expect(await lucideFile('no-such-icon')).toBe('/lucide/square.svg');
  });

  it('has something for the marks that Lucide took out', async () => {
    expect(await lucideFile('gitlab')).toBe('/lucide/git-merge.svg');
  });

  it.each(['', '../api/auth/me', 'a") , url("//evil.example/x', 'Activity', 'https://evil.example/x'])(
    'asks nobody for %j',
    async (name) => {
      expect(await lucideFile(name)).toBe('/lucide/square.svg');
      expect(asked).toEqual([]);
    },
  );
});
