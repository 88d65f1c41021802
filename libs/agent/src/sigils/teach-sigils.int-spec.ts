import type { SigilDef } from '@pizzapi/protocol';
import { startScriptedModel, type ScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentHost } from '../session/agent-host.js';
import { anInput, type EventLog, SessionFixture } from '../../testing/session-fixture.js';

let model: ScriptedModel;
let fixture: SessionFixture;
let known: SigilDef[];

beforeEach(async () => {
  model = await startScriptedModel();
  model.otherwise((said) => said.text('Yes.'));
  fixture = await SessionFixture.create(model.modelsJson);
  known = [];
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
  await model.close();
});

const pr: SigilDef = {
  serviceId: 'github',
  type: 'pr',
  label: 'Pull request',
  description: 'A GitHub pull request',
  schema: { type: 'object', properties: { repo: { type: 'string' } } },
  aliases: ['mr'],
};
const started = () => fixture.started({ sigils: { current: () => Promise.resolve(known) } });

/** Lets a turn run; resolves to all system messages that the model was sent with it, in order. */
async function turn({ host, log }: { host: AgentHost; log: EventLog }): Promise<string> {
  const answers = (): number => log.of('entry.appended').filter(({ kind }) => kind === 'assistant').length;
  const before = answers();
  await host.receive([anInput('go on')]);
  await log.until((all) => answers() > before && all.of('activity.changed').at(-1)?.activity === 'idle');
  const messages = model.requests.at(-1)?.messages ?? [];
  return messages
    .filter(({ role }) => role !== 'user' && role !== 'assistant')
    .map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content)))
    .join('\n');
}

describe('what the model is sent of sigils', () => {
  it('is nothing while no service declares any', async () => {
    expect(await turn(await started())).not.toContain('<sigils>');
  });

  it('is each type with its label, description, parameters and other names, in a section of the system prompt', async () => {
    known = [pr];
    const sent = await turn(await started());
    const section = /<sigils>([\s\S]*)<\/sigils>/.exec(sent)?.[1] ?? '';
    expect(section).toContain('[[type:id key=value]]');
    expect(section).toContain(
      '\n- [[pr:…]] "Pull request": "A GitHub pull request"; parameters: repo; also called: mr\n',
    );
  });

  it('follows the services from turn to turn', async () => {
    const session = await started();
    expect(await turn(session)).not.toContain('[[pr:…]]');
    known = [pr];
    expect(await turn(session)).toContain('[[pr:…]]');
    known = [{ ...pr, type: 'issue', label: 'Issue' }];
    const sent = await turn(session);
    expect(sent.slice(sent.lastIndexOf('<sigils>'))).toContain('[[issue:…]]');
    expect(sent.slice(sent.lastIndexOf('<sigils>'))).not.toContain('[[pr:…]]');
  });
});
