import { beforeAll, describe, expect, it, vi } from 'vitest';
import { serviceTemplate } from './cli/service/service-template.js';
import { TestService } from '../testing/test-service.js';
import { buildRunner } from '../testing/test-runner.js';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });

beforeAll(() => buildRunner());

/** Writes what it is and what it got to its log. */
const SAYS_HELLO = `init() { console.log('hello from', this.id) }`;

describe('a module', () => {
  it.each<[string, Record<string, unknown>]>([
    ['of TypeScript', { 'index.ts': `export default class { readonly id: string = 'my-service'; ${SAYS_HELLO} }` }],
    [
      'of TypeScript with an enum, a parameter property and a private field, in a CommonJS package',
      {
        'package.json': { type: 'commonjs' },
        'index.ts': `
          enum Id { Mine = 'my-service' }
          class Service { #id = Id.Mine; constructor(private readonly word = 'hello from') {}
            get id() { return this.#id }
            init(): void { console.log(this.word, this.id) } }
          export default Service;`,
      },
    ],
    [
      'with imports without an extension, of a folder, and of JSON',
      {
        'index.ts': `import { id } from './lib/id'; import { word } from './lib'; import data from './data.json';
          export default class { id = id; init() { console.log(word, data.id) } }`,
        'lib/id.ts': `export const id: string = 'my-service';`,
        'lib/index.ts': `export const word = 'hello from';`,
        'data.json': { id: 'my-service' },
      },
    ],
    [
      'with an await at its top',
      { 'index.ts': `const id = await Promise.resolve('my-service'); export default class { id = id; ${SAYS_HELLO} }` },
    ],
    [
      'that imports from "bun" and from the SDK',
      {
        'index.ts': `import { serve, type Server } from 'bun'; import { fireTrigger, type ServiceHandler } from '@pizzapi/service-sdk';
          export default class implements ServiceHandler { id = 'my-service'; server: Server | null = null;
            init() { console.log('hello from', [typeof serve, typeof fireTrigger].join() === 'function,function' ? this.id : 'nobody') } }`,
      },
    ],
    [
      'that asks where it lies, as with Bun',
      {
        'package.json': { type: 'commonjs' },
        'lib/place.ts': `export const place = [import.meta.dir, import.meta.path, import.meta.file, import.meta.main];`,
        'index.ts': `import { place } from './lib/place'; import { dirname, join } from 'node:path';
          const own = join(import.meta.dir, 'lib'); const expected = [own, join(own, 'place.ts'), 'place.ts', false];
          if (dirname(import.meta.filename) !== import.meta.dir || JSON.stringify(place) !== JSON.stringify(expected))
            throw new Error(JSON.stringify([place, expected]));
          export default class { id = 'my-service'; ${SAYS_HELLO} }`,
      },
    ],
    [
      'of plain JavaScript',
      {
        'manifest.json': { id: 'my-service', label: 'My Service', entry: 'main.js' },
        'package.json': { type: 'module' },
        'main.js': `export default class { id = 'my-service'; ${SAYS_HELLO} }`,
      },
    ],
    [
      'of CommonJS',
      {
        'manifest.json': { id: 'my-service', label: 'My Service', entry: 'main.cjs' },
        'main.cjs': `const { basename } = require('node:path');
          module.exports = class { id = basename('/a/my-service'); ${SAYS_HELLO} }`,
      },
    ],
  ])('%s runs', async (_, files) => {
    await using service = await TestService.start(files);
    await service.untilRunning();
    await service.until('it said so', () => service.lines.includes('stdout: hello from my-service'));
  });
});

describe('what `pizzapi service new` writes', () => {
  it('runs, and shows its panel', async () => {
    await using service = await TestService.start(serviceTemplate('my-service'));
    await service.untilRunning();
    expect(await (await fetch(await service.panelUrl())).text()).toContain('<!doctype html>');
    expect(service.status.error).toBeNull();
  });
});

describe('a module that cannot be run is said to be broken, and is not tried again', () => {
  it.each<[string, string, string | RegExp]>([
    [
      'not the language',
      'export default class\n  const = 7',
      /^my-service\/index.ts cannot be loaded: ParseError: Unexpected token.* .*index.ts:2:\d/,
    ],
    [
      'an import of nothing',
      `import './nothing'; export default class {}`,
      "my-service/index.ts cannot be loaded: Cannot find module './nothing'",
    ],
    ['no default export', 'export class Service {}', 'my-service/index.ts: has no class as its default export'],
    ['a function', 'export default () => 7', 'my-service/index.ts: has no class as its default export'],
    [
      "an id that is not the manifest's",
      `export default class { id = 'other'; init() {} }`,
      `my-service/index.ts: the class's id is "other", and the manifest's is "my-service"; make them the same`,
    ],
    ['no id', 'export default class { init() {} }', "my-service/index.ts: the class's id is missing"],
    ['no init', `export default class { id = 'my-service' }`, 'my-service/index.ts: the class has no method init'],
  ])('%s', async (_, module, error) => {
    await using service = await TestService.start({ 'index.ts': module });
    await service.until('it is broken', () => service.status.state === 'broken');
    expect(service.status.error).toMatch(error);
    expect(service.status.error).not.toContain('\n');
    expect(service.pids).toHaveLength(1);
  });
});

describe('a module that fails otherwise is started again', () => {
  it.each([
    ['while it is loaded', `throw new Error('no network')`, 'my-service/index.ts cannot be loaded: no network'],
    [
      'in its constructor',
      `export default class { id = 'my-service'; constructor() { throw new TypeError('no network') } init() {} }`,
      'my-service/index.ts: the constructor threw: TypeError: no network',
    ],
    [
      'in init',
      `export default class { id = 'my-service'; init() { throw new Error('no network') } }`,
      'my-service/index.ts: init threw: no network',
    ],
    [
      'in an init that waits',
      `export default class { id = 'my-service'; async init() { await null; throw 'no network' } }`,
      'my-service/index.ts: init threw: no network',
    ],
  ])('%s', async (_, module, error) => {
    await using service = await TestService.start({ 'index.ts': module });
    await service.until('it was started again', () => service.status.restarts >= 2);
    expect(service.status.error).toBe(error);
    expect(new Set(service.pids).size).toBeGreaterThanOrEqual(2);
  });

  it('when init takes too long', async () => {
    const module = `export default class { id = 'my-service'; init() { return new Promise(() => {}) } }`;
    await using service = await TestService.start({ 'index.ts': module }, { limits: { initMs: 200 } });
    await service.until('it was ended', () => service.status.restarts >= 1);
    expect(service.status.error).toBe('my-service/index.ts: init was not done within 0.2 s');
  });
});
