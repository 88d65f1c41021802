import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AgentConsentFiles } from './agent-consent.files.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pizzapi-consents-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const agent = { path: '/srv/app/.pizzapi/agents/scout.md', hash: 'aa' };
const ada = { userId: 'usr_ada', name: 'Ada' };

it('a consent counts for one person, one path and one content, and outlives the process', () => {
  new AgentConsentFiles(folder).add(agent, ada);
  const consents = new AgentConsentFiles(folder);
  expect(consents.has(agent, ada.userId)).toBe(true);
  expect(consents.has(agent, 'usr_grace')).toBe(false);
  expect(consents.has({ ...agent, path: '/srv/other/.pizzapi/agents/scout.md' }, ada.userId)).toBe(false);
  expect(consents.has({ ...agent, hash: 'bb' }, ada.userId)).toBe(false);
});

it('the latest content is the one that was agreed to', () => {
  const consents = new AgentConsentFiles(folder);
  consents.add(agent, ada);
  consents.add({ ...agent, hash: 'bb' }, ada);
  expect([consents.has(agent, ada.userId), consents.has({ ...agent, hash: 'bb' }, ada.userId)]).toEqual([false, true]);
});

it('what is torn, or of another shape, or moved to another name is no consent', () => {
  const consents = new AgentConsentFiles(folder);
  consents.add(agent, ada);
  const [name = ''] = readdirSync(folder);
  expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
  for (const content of ['{"thing": "agent", "pa', '[]', '{"thing": "plugin"}', '']) {
    writeFileSync(join(folder, name), content);
    expect(consents.has(agent, ada.userId)).toBe(false);
  }
  const foreign = { thing: 'agent', ...agent, userId: 'usr_grace', userName: 'Grace', at: '2026-01-01T00:00:00.000Z' };
  writeFileSync(join(folder, name), JSON.stringify(foreign));
  expect(consents.has(agent, ada.userId)).toBe(false);
});
