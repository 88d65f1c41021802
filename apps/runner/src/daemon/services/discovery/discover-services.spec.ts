import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { discoverServices } from './discover-services.js';
import { isBroken, type DiscoveredService } from './discovered-service.js';
import type { ServiceManifest } from './service-manifest.js';
import { ServicesFolder } from '../../../../testing/services-folder.js';

const manifest = { id: 'my-service', label: 'My Service' };
const happened = { type: 'my-service:happened', label: 'Happened' };

async function discover(files: Record<string, unknown>): Promise<DiscoveredService | undefined> {
  using folder = new ServicesFolder();
  folder.write('my-service', files);
  return (await discoverServices([{ dir: folder.path, plugin: null }]))[0];
}

async function manifestOf(files: Record<string, unknown>): Promise<ServiceManifest> {
  const service = await discover(files);
  if (!service || isBroken(service)) throw new Error(service?.error ?? 'not discovered');
  return service.manifest;
}

async function errorOf(files: Record<string, unknown>): Promise<string> {
  const service = await discover(files);
  return service && isBroken(service) ? service.error : 'none';
}

describe('a manifest', () => {
  it('has the defaults of the specification', async () => {
    expect(await manifestOf({ 'manifest.json': manifest })).toEqual({
      ...manifest,
      icon: 'square',
      entry: null,
      panel: null,
      triggers: [],
      sigils: [],
    });
    expect(await manifestOf({ 'manifest.json': { ...manifest, panel: {} } })).toMatchObject({
      panel: { dir: './panel' },
    });
  });

  it('keeps every field', async () => {
    const full = {
      ...manifest,
      icon: 'activity',
      entry: './src/main.ts',
      panel: { dir: './ui' },
      triggers: [{ ...happened, description: 'When it happens', schema: { type: 'object' } }],
      sigils: [
        {
          type: 'pr',
          label: 'Pull Request',
          resolve: '/api/pr/{id}',
          aliases: ['mr'],
          schema: {},
          description: 'A PR',
        },
      ],
    };
    const serviceId = 'my-service';
    expect(await manifestOf({ 'manifest.json': full, 'src/main.ts': '' })).toEqual({
      ...full,
      triggers: full.triggers.map((trigger) => ({ ...trigger, serviceId })),
      sigils: full.sigils.map((sigil) => ({ ...sigil, serviceId })),
    });
  });

  it('whose schemas are true or false has the objects that mean the same', async () => {
    const { triggers, sigils } = await manifestOf({
      'manifest.json': {
        ...manifest,
        triggers: [
          { ...happened, schema: true },
          { ...happened, type: 'my-service:never', schema: false },
        ],
        sigils: [{ type: 'pr', label: 'PR', schema: true }],
      },
    });
    expect([...triggers, ...sigils].map(({ schema }) => schema)).toEqual([{}, { not: {} }, {}]);
  });

  it.each([null, 'text', 7, []])('whose schema is %j disables that type alone', async (schema) => {
    const { triggers } = await manifestOf({
      'manifest.json': manifest,
      'triggers.json': [
        { ...happened, schema },
        { ...happened, type: 'my-service:other' },
      ],
    });
    expect(triggers).toEqual([
      {
        ...happened,
        serviceId: 'my-service',
        disabledReason: expect.stringMatching(/^its schema is no JSON Schema: it is .*, and must be an object, true/),
      },
      { ...happened, type: 'my-service:other', serviceId: 'my-service' },
    ]);
  });

  it.each([
    ['bare', (list: unknown[]) => list],
    ['wrapped', (list: unknown[], name: string) => ({ [name]: list })],
  ])('gives way to %s split files, and its own lists are not looked at', async (_, wrap) => {
    const read = await manifestOf({
      'manifest.json': { ...manifest, triggers: 'nonsense', sigils: [7] },
      'triggers.json': wrap([happened], 'triggers'),
      'sigils.json': wrap([{ type: 'pr', label: 'PR' }], 'sigils'),
    });
    expect(read.triggers).toEqual([{ ...happened, serviceId: 'my-service' }]);
    expect(read.sigils).toEqual([{ type: 'pr', label: 'PR', serviceId: 'my-service' }]);
  });
});

describe('a broken manifest names file, field and reason', () => {
  it.each([
    [{}, 'my-service/manifest.json: is missing'],
    [{ 'manifest.json': '{"id": ' }, 'my-service/manifest.json: is not valid JSON'],
    [{ 'manifest.json': '[]' }, 'my-service/manifest.json: must be object'],
    [{ 'manifest.json': { id: 'my-service' } }, 'my-service/manifest.json, field label: is missing'],
    [{ 'manifest.json': { ...manifest, id: 'a:b' } }, 'my-service/manifest.json, field id: must match pattern'],
    [
      { 'manifest.json': { ...manifest, id: 'time' } },
      'my-service/manifest.json, field id: "time" is a name of the relay',
    ],
    [
      { 'manifest.json': { ...manifest, panel: { dir: 7 } } },
      'my-service/manifest.json, field panel.dir: must be string',
    ],
    [
      { 'manifest.json': { ...manifest, entry: './main.ts' } },
      'my-service/manifest.json, field entry: there is no file "./main.ts" in the service\'s folder',
    ],
    [
      { 'manifest.json': { ...manifest, triggers: [happened, { type: 'my-service:x' }] } },
      'my-service/manifest.json, field triggers[1].label: is missing',
    ],
    [
      { 'manifest.json': { ...manifest, triggers: [{ ...happened, type: 'other:x' }] } },
      'my-service/manifest.json, field triggers[0].type: "other:x" must start with the service\'s id: "my-service:…"',
    ],
    [
      { 'manifest.json': manifest, 'triggers.json': [happened, happened] },
      'triggers.json, field [1].type: "my-service:happened" is declared twice',
    ],
    [
      { 'manifest.json': manifest, 'triggers.json': { list: [] } },
      'my-service/triggers.json: must be a list, or an object',
    ],
    [
      { 'manifest.json': manifest, 'sigils.json': { sigils: [{ label: 'x' }] } },
      'my-service/sigils.json, field sigils[0].type: is missing',
    ],
    [
      { 'manifest.json': manifest, 'sigils.json': [{ type: 'pull request', label: 'x' }] },
      'my-service/sigils.json, field [0].type: "pull request" cannot stand in [[…:id]]',
    ],
    [
      { 'manifest.json': { ...manifest, sigils: [{ type: 'pr', label: 'x', aliases: ['mr', 'm:r'] }] } },
      'my-service/manifest.json, field sigils[0].aliases[1]: "m:r" cannot stand in',
    ],
    [
      { 'manifest.json': manifest, 'sigils.json': ' '.repeat(300_000) },
      'my-service/sigils.json: has 300000 bytes; at most 262144',
    ],
  ])('%j', async (files, error) => {
    expect(await errorOf(files)).toContain(error);
  });

  it('and hinders no other service', async () => {
    using folder = new ServicesFolder();
    folder.write('broken', { 'manifest.json': '{' });
    folder.write('good', { 'manifest.json': { id: 'good', label: 'Good' } });
    mkdirSync(join(folder.path, 'odd', 'manifest.json'), { recursive: true });
    const found = await discoverServices([{ dir: folder.path, plugin: null }]);
    expect(found.map((service) => [service.folder, isBroken(service)])).toEqual([
      ['broken', true],
      ['good', false],
      ['odd', true],
    ]);
  });
});

describe('an entry', () => {
  it('that nobody named may be missing: the service only declares, and says so', async () => {
    expect(await discover({ 'manifest.json': manifest })).toMatchObject({
      entry: null,
      note: expect.stringContaining('my-service/index.ts: is missing, so nothing runs'),
    });
    const withPanel = await discover({ 'manifest.json': { ...manifest, panel: {} } });
    expect(withPanel).toMatchObject({ entry: null, note: null });
    const whole = await discover({ 'manifest.json': manifest, 'index.ts': '' });
    expect(whole).toMatchObject({ entry: expect.stringMatching(/my-service\/index\.ts$/), note: null });
  });
});

describe("a service's program", () => {
  it.each([
    ['its entry', 'index.ts', true],
    ['a module beside it', 'lib/deep/help.mjs', true],
    ['its packages', 'package.json', true],
    ['what it declares', 'triggers.json', true],
    ["its panel's script", 'ui/panel.js', false],
    ['data', 'state.json', false],
    ['what a package holds', 'node_modules/x/index.js', false],
  ])('%s', async (_, file, counts) => {
    using folder = new ServicesFolder();
    const states: unknown[] = [];
    for (const text of ['[]', '[  ]']) {
      folder.write('a', {
        'manifest.json': { ...manifest, panel: { dir: 'ui' } },
        'index.ts': '0',
        'ui/panel.js': '0',
        [file]: text,
      });
      const [service] = await discoverServices([{ dir: folder.path, plugin: null }]);
      states.push(service && !isBroken(service) && withoutTimes(service.files));
    }
    expect(states[0] !== states[1]).toBe(counts);
  });
});

/** Rewriting a file changes its times; here only its size counts. */
function withoutTimes(files: string): string {
  return files.replaceAll(/(\d+ \d+) [\d.]+ [\d.]+/g, '$1');
}

describe('several sources', () => {
  it('come one after another, and a plugin is named', async () => {
    using own = new ServicesFolder();
    using other = new ServicesFolder();
    own.write('z', { 'manifest.json': manifest });
    other.write('a', { 'manifest.json': manifest });
    const found = await discoverServices([
      { dir: own.path, plugin: null },
      { dir: other.path, plugin: 'tools' },
    ]);
    expect(found).toMatchObject([
      { folder: 'z', plugin: null },
      {
        folder: 'tools/a',
        plugin: 'tools',
        error: 'tools/a/manifest.json, field id: "my-service" is taken by the folder z',
      },
    ]);
  });
});

describe('the folder of services', () => {
  it('may be missing', async () => {
    expect(await discoverServices([{ dir: '/nowhere/services', plugin: null }])).toEqual([]);
  });

  it('may hold links, files and hidden folders', async () => {
    using elsewhere = new ServicesFolder();
    elsewhere.write('real', { 'manifest.json': manifest });
    using folder = new ServicesFolder();
    symlinkSync(join(elsewhere.path, 'real'), join(folder.path, 'linked'));
    symlinkSync('/nowhere/at/all', join(folder.path, 'loose'));
    writeFileSync(join(folder.path, 'README.md'), '');
    folder.write('.git', { 'manifest.json': manifest });
    const found = await discoverServices([{ dir: folder.path, plugin: null }]);
    expect(found.map((service) => [service.folder, isBroken(service) ? service.error : service.manifest.id])).toEqual([
      ['linked', 'my-service'],
      ['loose', 'loose/manifest.json: is missing'],
    ]);
  });

  it('gives an id to the first in alphabetical order', async () => {
    using folder = new ServicesFolder();
    for (const name of ['b', 'a', 'c']) folder.write(name, { 'manifest.json': { ...manifest, label: name } });
    expect(
      (await discoverServices([{ dir: folder.path, plugin: null }])).map((service) =>
        isBroken(service) ? service.error : service.folder,
      ),
    ).toEqual([
      'a',
      'b/manifest.json, field id: "my-service" is taken by the folder a',
      'c/manifest.json, field id: "my-service" is taken by the folder a',
    ]);
  });

  it("gives a sigil's name to the first service, and the other one says so and goes on", async () => {
    using folder = new ServicesFolder();
    const sigil = (type: string, aliases: string[]) => ({ type, label: type, aliases });
    folder.write('a', {
      'index.ts': '',
      'manifest.json': { id: 'a', label: 'A' },
      'sigils.json': [sigil('pr', ['mr'])],
    });
    folder.write('b', {
      'index.ts': '',
      'manifest.json': { id: 'b', label: 'B' },
      'sigils.json': [sigil('mr', []), sigil('issue', ['pr', 'i'])],
    });
    const [, b] = await discoverServices([{ dir: folder.path, plugin: null }]);
    expect(b).toMatchObject({
      manifest: { sigils: [{ serviceId: 'b', type: 'issue', aliases: ['i'] }] },
      note: 'b: these sigil names are taken already and left out: "mr" (of a), "pr" (of a)',
    });
  });
});
