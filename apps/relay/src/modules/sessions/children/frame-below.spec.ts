import type { SandboxFrame } from '@pizzapi/protocol';
import { expect, it } from 'vitest';
import { frameBelow, type FramedParent } from './frame-below.js';

const parent = (fields: Partial<FramedParent> = {}): FramedParent => ({
  runnerId: 'here',
  sandbox: null,
  sandboxFrame: null,
  ...fields,
});
const said: SandboxFrame = {
  mode: 'full',
  floor: 'full',
  allowedDomains: ['example.org'],
  readable: [],
  writable: ['/srv/cache'],
  denied: ['/srv/private'],
};

it('a session below one that is not confined is confined as its runner says', () => {
  expect(frameBelow(parent(), 'here')).toBeNull();
  expect(frameBelow(parent({ sandbox: { mode: 'none', isEnforced: false } }), 'there')).toBeNull();
});

it('below one that is confined it is so too, on another runner by all that means something there', () => {
  expect(frameBelow(parent(), 'here', said)).toEqual(said);
  const elsewhere = { mode: 'full', floor: 'full', allowedDomains: ['example.org'] };
  expect(frameBelow(parent(), 'there', said)).toEqual(elsewhere);
});

it.each<[string, Partial<FramedParent>, SandboxFrame]>([
  ['it holds', { sandbox: { mode: 'basic', isEnforced: true } }, { mode: 'basic', floor: 'basic' }],
  ['it does not hold', { sandbox: { mode: 'basic', isEnforced: false, detail: 'No bwrap.' } }, { mode: 'basic' }],
  ['a part is missing', { sandbox: { mode: 'full', isEnforced: true, detail: 'No filter.' } }, { mode: 'full' }],
  ['its worker has not said', { sandboxFrame: said }, said],
  [
    'it is tighter than it has to be',
    { sandbox: { mode: 'full', isEnforced: true }, sandboxFrame: { mode: 'basic' } },
    { mode: 'full', floor: 'full' },
  ],
])(
  'where the parent’s worker did not say how, the relay goes by what it knows of it: %s',
  (_what, fields, expected) => {
    expect(frameBelow(parent(fields), 'here')).toEqual(expected);
  },
);
