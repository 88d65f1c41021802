import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ServiceInfo, TriggerHistoryEntry } from '@pizzapi/protocol';
import {
  documents,
  freePort,
  RelayApi,
  RelayProcess,
  removeFolder,
  RunnerProcess,
  type Snippet,
  snippetsOf,
  temporaryFolder,
  waitFor,
} from '@pizzapi/testing';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const run = promisify(execFile);

/** A refusal of the relay ends the lines, like every other failure. */
const PRELUDE = `set -eu
curl() { command curl -sS --fail-with-body "$@"; }
pizza() { "$ROOT/bin/pizzapi" "$@"; }
npm() { command npm --prefix "$ROOT" "$@"; }
`;
/** What a page lets the reader fill in. */
const TO_FILL_IN = /^(?:RELAY|KEY|RUNNER|SESSION|APPROVAL)=.*$/gm;

interface ApprovalList {
  approvals: { approvalId: string; outcome: string | null }[];
}

/** What the pages tell people to type, by a shell, on the built product, with a home of its own. */
describe('the lines of the pages', () => {
  let home: string;
  let port: number;
  let behindTunnel: Server;
  let relay: RelayProcess;
  let runner: RunnerProcess;
  let owner: RelayApi;
  let session: string;
  const typed: Snippet[] = [];

  beforeAll(async () => {
    home = await temporaryFolder('documents');
    port = await freePort();
    behindTunnel = createServer((_, response) => response.end('behind the tunnel')).listen(port, '127.0.0.1');
    const places = { home: pizzapi(), env: { HOME: home } };
    relay = await RelayProcess.start(places);
    runner = await RunnerProcess.start({ ...places, relayUrl: relay.url, roots: [home] });
  });
  afterAll(async () => {
    behindTunnel.close();
    await runner.stop();
    await relay.stop();
    await removeFolder(home);
  });

  const pizzapi = (...path: string[]): string => join(home, '.pizzapi', ...path);

  async function type(snippet: Snippet | undefined, filledIn: Record<string, string> = {}): Promise<string> {
    if (!snippet) throw new Error('The page has no such lines any more.');
    typed.push(snippet);
    const { stdout } = await run('bash', ['-c', PRELUDE + here(snippet.text).replace(TO_FILL_IN, '')], {
      cwd: home,
      env: {
        PATH: `${join(home, '.local', 'bin')}:${process.env['PATH']}`,
        HOME: home,
        ROOT,
        RELAY: relay.url,
        RUNNER: runner.runnerId,
        ...(owner && { KEY: owner.apiKey ?? '', SESSION: session }),
        ...filledIn,
      },
    });
    return stdout;
  }

  /** Ports and folders that tests have for themselves. */
  const here = (text: string): string =>
    text.replaceAll('5173', String(port)).replaceAll('/tmp/watched', join(home, 'watched'));

  async function startSession(prompt?: string): Promise<string> {
    const answer = await owner.post<{ sessionId: string }>('/api/sessions', { runnerId: runner.runnerId, prompt });
    expect(answer.status).toBe(202);
    return answer.body.sessionId;
  }

  const serviceState = async (id: string): Promise<string | undefined> => {
    const { body } = await owner.get<{ services: ServiceInfo[] }>(`/api/runners/${runner.runnerId}/services`);
    return body.services.find((service) => service.id === id)?.state;
  };

  const received = async (): Promise<string[]> => {
    const { body } = await owner.get<{ triggers: TriggerHistoryEntry[] }>(`/api/sessions/${session}/triggers`);
    return body.triggers.map(({ summary, type }) => summary ?? type);
  };

  it('of the first steps register, start a session and read it', async () => {
    const [, , links, registration, firstSession] = snippetsOf('docs/getting-started.md', 'sh');
    const { apiKey } = Value.Parse(Type.Object({ apiKey: Type.String() }), JSON.parse(await type(registration)));
    owner = new RelayApi(relay.url, apiKey);
    session = await startSession();
    expect(await type(firstSession)).toContain('"status":"pending"');
    const ofClone = links && { ...links, text: links.text.replaceAll('$PWD', '$ROOT') };
    expect(await type(ofClone)).toMatch(/^Usage: pizzapi/);
  });

  it('of triggers declare a type, subscribe, and fire', async () => {
    const [names, declaration, ...others] = snippetsOf('docs/triggers.md', 'sh');
    await type(names);
    await type(declaration);
    await expect.poll(() => serviceState('orders')).toBe('declared');
    const [listener] = snippetsOf('docs/listeners.md', 'sh');
    expect(await type(listener)).toContain('"listenerId"');
    const answers = [];
    for (const lines of others) answers.push(await type(lines));
    expect(answers.join('\n')).toContain('"subscriptions":1,"listeners":1');
    await expect.poll(received).toEqual(['Order 42 was shipped', 'Order 42 was paid']);
  });

  it('of services make one that runs, and fire for it', async () => {
    const [template, firing] = snippetsOf('docs/services.md', 'sh');
    await type(template);
    await expect.poll(() => serviceState('build-watch')).toBe('running');

    const [manifest] = snippetsOf('docs/services.md', 'json');
    const [module] = snippetsOf('docs/services.md', 'ts');
    mkdirSync(pizzapi('services', 'my-service'));
    writeFileSync(pizzapi('services', 'my-service', 'manifest.json'), manifest?.text ?? '');
    writeFileSync(pizzapi('services', 'my-service', 'index.ts'), here(module?.text ?? ''));
    await expect.poll(() => serviceState('my-service')).toBe('running');
    const wish = { triggerType: 'my-service:file_changed' };
    expect((await owner.post(`/api/sessions/${session}/trigger-subscriptions`, wish)).status).toBe(201);
    writeFileSync(join(home, 'watched', 'a.txt'), '');
    await expect.poll(received).toContain('my-service:file_changed');
    expect(await type(firing)).toContain('"subscriptions":1');
  });

  it('of tunnels say who may open what, and lead to a port', async () => {
    for (const lines of snippetsOf('docs/tunnels.md', 'sh').slice(0, -1)) await type(lines);
    expect(await type(snippetsOf('docs/tunnels.md', 'sh').at(-1))).toMatch(/behind the tunnel$/);
  });

  it('of approvals answer what the rules of the page ask about', async () => {
    const [rules] = snippetsOf('docs/approvals.md', 'json');
    writeFileSync(pizzapi('config.json'), rules?.text ?? '');
    const asking = await startSession('Show me');
    const questions = async (): Promise<ApprovalList['approvals']> =>
      (await owner.get<ApprovalList>(`/api/sessions/${asking}/approvals`)).body.approvals;
    const waiting = await waitFor(async () => (await questions())[0], {
      description: 'the Demo model wants to write',
      timeoutMs: 60_000,
    });
    await type(snippetsOf('docs/approvals.md', 'sh')[0], { SESSION: asking, APPROVAL: waiting.approvalId });
    await expect.poll(questions).toMatchObject([{ outcome: 'allowed' }]);
    writeFileSync(pizzapi('config.json'), '{}');
  });

  it('of plugins make one that holds a call back, and trust it in a project', async () => {
    const [made, trust] = snippetsOf('docs/plugins.md', 'sh');
    await type(made);
    cpSync(pizzapi('plugins', 'guard'), join(home, '.claude', 'plugins', 'guard'), { recursive: true });
    expect(await type(trust)).toMatch(/^Trusted as it is now: guard .*Forgotten: .*Nothing was said/s);

    const refused = await startSession('/guard:review the tests');
    const transcript = async (): Promise<string> =>
      JSON.stringify((await owner.get(`/api/sessions/${refused}/transcript`)).body);
    await expect.poll(transcript, { timeout: 60_000 }).toContain('This file stays as it is.');
    expect(await transcript()).toContain('Look at the last commit, and above all at the tests');
  });

  it("set an organisation's policy", async () => {
    for (const lines of snippetsOf('docs/agent-policy.md', 'sh')) await type(lines);
    expect((await owner.get('/api/agent-policy')).body).toMatchObject({ policy: { sandbox: { floor: 'basic' } } });
  });

  it('have all been typed but those that install, and those that measure', () => {
    const left = documents()
      .flatMap((document) => snippetsOf(document, 'sh', 'bash'))
      .filter(({ document, number }) => !typed.some((each) => each.document === document && each.number === number));
    expect(left.filter(({ text }) => !/^git clone|^npm run bench/.test(text))).toEqual([]);
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain(left[0]?.text);
  });
});
