import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServicesFolder } from '../../../testing/services-folder.js';
import { discoverServices } from '../../daemon/services/discovery/discover-services.js';
import { newService, NewServiceError } from './new-service.js';

let folder: ServicesFolder;
beforeEach(() => {
  folder = new ServicesFolder();
});
afterEach(() => folder[Symbol.dispose]());

function refusalOf(name: string, servicesDir = folder.path): NewServiceError {
  try {
    newService(name, servicesDir);
  } catch (error) {
    if (error instanceof NewServiceError) return error;
    throw error;
  }
  throw new Error(`"${name}" was written`);
}

describe('pizzapi service new', () => {
  it('writes a service that the runner takes without a complaint, and says what is next', async () => {
    const said = newService('build-watch', join(folder.path, 'services'));
    const [service, ...more] = await discoverServices([{ dir: join(folder.path, 'services'), plugin: null }]);
    expect(more).toEqual([]);
    expect(service).toMatchObject({
      folder: 'build-watch',
      note: null,
      entry: expect.stringContaining('index.ts'),
      panelDir: expect.stringContaining('panel'),
      manifest: {
        id: 'build-watch',
        label: 'Build Watch',
        panel: { dir: './panel' },
        triggers: [{ type: 'build-watch:happened' }],
      },
    });
    expect(said).toContain(join(folder.path, 'services', 'build-watch'));
    for (const file of ['manifest.json', 'index.ts', 'panel/index.html']) expect(said).toContain(file);
    expect(said).toContain('Subscribe to build-watch:happened');
  });

  it("uses the panels' colours, relative addresses, and nothing from elsewhere", () => {
    newService('clock', folder.path);
    const panel = readFileSync(join(folder.path, 'clock/panel/index.html'), 'utf8');
    for (const colour of ['#0a0a0b', '#e4e4e7', '#27272a']) expect(panel).toContain(colour);
    expect(panel.match(/ask\('[^']*'/g)).toEqual(["ask('./api/data'", "ask('./api/fire'"]);
    expect(panel).not.toMatch(/https?:|src=|<link/);
  });

  it.each(['', 'Clock', '1clock', 'a b', 'a/b', '../up', '.hidden', 'a--b', 'a-', 'x'.repeat(61), 'session'])(
    'refuses the name "%s"',
    (name) => {
      expect(refusalOf(name)).toMatchObject({ code: 'service_name_invalid', exitCode: 64 });
      expect(readdirSync(folder.path)).toEqual([]);
    },
  );

  it('leaves what is there as it is', () => {
    folder.write('clock', { 'notes.txt': 'mine' });
    const { code, exitCode, message } = refusalOf('clock');
    expect([code, exitCode]).toEqual(['service_exists', 73]);
    expect(message).toContain(join(folder.path, 'clock'));
    expect(readdirSync(join(folder.path, 'clock'))).toEqual(['notes.txt']);
  });

  it('says why it could not write', () => {
    mkdirSync(join(folder.path, 'home'));
    writeFileSync(join(folder.path, 'home/services'), 'a file, not a folder');
    const { code, exitCode, message } = refusalOf('clock', join(folder.path, 'home/services'));
    expect([code, exitCode]).toEqual(['service_not_written', 73]);
    expect(message).toContain('ENOTDIR');
  });
});
