import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findControlSocket, prepareControlSocket } from './control-socket.path.js';

let base: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'control-'));
});
afterEach(() => rmSync(base, { recursive: true }));

describe('the control socket', () => {
  it('lies in the run folder', () => {
    expect(prepareControlSocket(base)).toBe(join(base, 'daemon.sock'));
    expect(findControlSocket(base)).toBe(join(base, 'daemon.sock'));
  });

  it('lies in a private temporary folder where that path is too long, and is found again', () => {
    const runDir = join(base, 'x'.repeat(120));
    mkdirSync(runDir);
    expect(findControlSocket(runDir)).toBeNull();
    const path = prepareControlSocket(runDir);
    expect(path.length).toBeLessThan(100);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    expect(findControlSocket(runDir)).toBe(path);
    expect(prepareControlSocket(runDir)).toBe(path);
    rmSync(dirname(path), { recursive: true });
  });
});
