import type { FolderListing, ServiceLogLine } from '@pizzapi/protocol';
import { RelayApi, ScriptedRunner, type ScriptedWorker, waitFor } from '@pizzapi/testing';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster } from '../testing/relay-fixture.js';

interface Parameter {
  name: string;
  in: string;
}
interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
}
interface Operation {
  operationId: string;
  parameters: Parameter[];
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}
interface ApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** What answers with several things and is not a list in pages, and why. */
const EXCEPTIONS = new Map([
  ['getTranscript', 'goes both ways from an entry, by before and after'],
  ['findSessionFiles', 'gives the best matches; what is typed further finds the others'],
]);
/** How many things each list is given at least. */
const LEAST = 3;

/** Every list of the API keeps to the same rules. A new one has to be added here, with what fills it. */
describe.each(['sqlite', 'postgres'] as const)('the lists, on %s', (database) => {
  let cluster: TestCluster;
  let ada: TestAccount;
  let runner: ScriptedRunner;
  let worker: ScriptedWorker;
  const others: ScriptedRunner[] = [];
  let lists: { operation: Operation; name: string }[];
  /** Where each list is, by its operation. */
  let places: Record<string, string>;

  beforeAll(async () => {
    cluster = await startCluster(database);
    const relay = await cluster.start({ PIZZAPI_TUNNEL_DOMAIN: 'localhost:7492' });
    ada = await relay.account('ada');
    lists = listsOf((await ada.get<ApiDocument>('/api/openapi.json')).body);
    runner = await ScriptedRunner.connect(ada);
    places = await fill();
    for (const { operation, name } of paged())
      await waitFor(async () => (await page(operation.operationId, name, { limit: '200' })).items.length >= LEAST, {
        description: `${operation.operationId} has what it is about`,
      });
  });
  afterAll(async () => {
    for (const each of [runner, ...others]) each.stop();
    await cluster[Symbol.asyncDispose]();
  });

  const numbers = (count = LEAST): number[] => Array.from({ length: count }, (_, at) => at + 1);
  const made = async (path: string, body: object): Promise<Record<string, string>> => {
    const answer = await ada.post<Record<string, string>>(path, body);
    expect([answer.status, answer.body]).toEqual([expect.toBeOneOf([201, 202]), answer.body]);
    return answer.body;
  };

  /** At least so many things for each list. */
  async function fill(): Promise<Record<string, string>> {
    const { runnerId } = runner;
    worker = await runner.startSession();
    const session = `/api/sessions/${worker.sessionId}`;
    await fillRunner();
    for (const n of numbers()) {
      await made('/api/api-keys', { name: `key ${n}` });
      await made('/api/invitations', { email: `guest${n}@example.com` });
      const { token } = await made('/api/invitations', {});
      await new RelayApi(ada.baseUrl).register(`member${n}@example.com`, { invitation: token });
      others.push(await ScriptedRunner.connect(ada, `other ${n}`));
      await made(`/api/runners/${runnerId}/trigger-listeners`, { triggerType: 'orders:placed', params: { n } });
      await made(`${session}/trigger-subscriptions`, { triggerType: 'orders:placed', params: { n } });
      await made(`${session}/trigger`, { type: 'time:tick', payload: { n } });
      await made(`${session}/tunnels`, { port: 4_000 + n });
    }
    await waitFor(() => worker.received.length === LEAST, { description: 'the worker has its triggers' });
    fillConversation();
    await worker.flushed();
    const waiting = `/api/sessions/${await fillWaiting()}`;
    await fillDeadLetters();
    return {
      listApiKeys: '/api/api-keys',
      listApprovals: `${session}/approvals`,
      listAvailableTriggers: `${session}/available-triggers`,
      listBranches: `${session}/branches`,
      listDeadLetters: '/api/dead-letters',
      listInputs: `${waiting}/inputs`,
      listInvitations: '/api/invitations',
      listListeners: `/api/runners/${runnerId}/trigger-listeners`,
      listMembers: '/api/members',
      listRecentFolders: `/api/sessions/recent-folders?runnerId=${runnerId}`,
      listRunnerFolders: `/api/runners/${runnerId}/folders`,
      listRunnerModels: `/api/runners/${runnerId}/models`,
      listRunners: '/api/runners',
      listServices: `/api/runners/${runnerId}/services`,
      listSessions: '/api/sessions',
      listSessionTunnels: `${session}/tunnels`,
      listSubscriptions: `${session}/trigger-subscriptions`,
      listTriggerHistory: `${session}/triggers`,
      listTunnels: '/api/tunnels',
      listWaitingTriggers: `${waiting}/waiting-triggers`,
      readServiceLog: `/api/runners/${runnerId}/services/service-1/logs`,
    };
  }

  async function fillRunner(): Promise<void> {
    const services = numbers().map((n) => {
      return { id: `service-${n}`, label: `${n}`, icon: 'box', state: 'running', error: null } as const;
    });
    const triggerDefs = ['placed', 'paid', 'sent'].map((name) => {
      return { serviceId: 'service-1', type: `orders:${name}`, label: name };
    });
    const announcement = { services, panels: [], triggerDefs, sigilDefs: [] };
    expect(await runner.socket.timeout(30_000).emitWithAck('service:announce', announcement)).toEqual({ ok: true });
    runner.socket.on('runner:check-port', (_, answer) => answer({ ok: true }));
    const models = numbers().map((n) => {
      return { provider: 'demo', id: `${n}`, name: `${n}`, contextWindow: 1_000, isDefault: n === 1 };
    });
    runner.socket.on('runner:list-models', (_, answer) => answer({ ok: true, models }));
    const folders = numbers().map((n) => ({ name: `${n}`, path: `/srv/code/${n}`, isRepository: false }));
    runner.socket.on('runner:list-folders', ({ limit = 500, after = '' }, answer) => {
      const left = folders.filter(({ name }) => name > after);
      const shown = left.slice(0, limit);
      const truncated = shown.length < left.length;
      const listing: FolderListing = { path: '/srv/code', parent: null, folders: shown, truncated };
      const last = truncated ? shown.at(-1)?.name : undefined;
      answer({ ok: true, listing: last === undefined ? listing : { ...listing, last } });
    });
    const log = numbers().map((n): ServiceLogLine => {
      return { ts: new Date(n).toISOString(), stream: 'stdout', text: `${n}` };
    });
    runner.socket.on('runner:read-service-log', ({ limit, before }, answer) => {
      const end = before?.line ?? log.length;
      const start = Math.max(0, end - limit);
      const lines = log.slice(start, end);
      answer({ ok: true, lines, isTruncated: start > 0, ...(start > 0 && { start: { file: 'a', line: start } }) });
    });
  }

  function fillConversation(): void {
    const entry = (entryId: string, parentId: string | null): void => {
      const content = { role: 'custom', content: entryId, details: { id: `inp_${entryId}` } };
      const data = { entryId, kind: 'user' as const, ts: new Date().toISOString(), content, parentId };
      worker.send({ type: 'entry.appended', data });
    };
    worker.send({ type: 'session.opened', data: { epoch: 1, isResumed: false } });
    // At each step of the way another one begins.
    entry('way-0', null);
    for (const n of numbers()) {
      entry(`aside-${n}`, `way-${n - 1}`);
      worker.send({ type: 'branch.changed', data: { leafId: `way-${n - 1}` } });
      entry(`way-${n}`, `way-${n - 1}`);
    }
    for (const n of numbers())
      worker.send({
        type: 'approval.requested',
        data: {
          approvalId: `apr_${v7()}`,
          toolCallId: `call_${n}`,
          askedAt: new Date().toISOString(),
          deadline: new Date(Date.now() + 3_600_000).toISOString(),
          subject: {
            kind: 'tool',
            toolName: 'bash',
            args: {},
            rule: { tool: 'bash', pattern: 'sudo *', source: 'config.json' },
          },
        },
      });
  }

  /** A session for which inputs and triggers wait. */
  async function fillWaiting(): Promise<string> {
    const { sessionId = '' } = await made('/api/sessions', { runnerId: runner.runnerId, cwd: '/srv/code/waiting' });
    for (const n of numbers()) {
      await made(`/api/sessions/${sessionId}/input`, { text: `${n}` });
      await made(`/api/sessions/${sessionId}/trigger`, { type: 'time:tick', payload: { n } });
    }
    return sessionId;
  }

  /** Sessions in a folder each that failed before they had their trigger. */
  async function fillDeadLetters(): Promise<void> {
    for (const n of numbers()) {
      const { sessionId = '' } = await made('/api/sessions', { runnerId: runner.runnerId, cwd: `/srv/code/${n}` });
      await made(`/api/sessions/${sessionId}/trigger`, { type: 'time:tick', payload: { n } });
      const failure = { code: 'worker_start_failed', detail: 'No room.' };
      expect(await runner.report({ sessionId, state: 'failed', failure })).toEqual({ ok: true });
    }
  }

  /** A page of a list, and the cursor of the next one. */
  const page = async (operationId: string, name: string, query: Record<string, string>) => {
    const place = places[operationId] ?? '';
    const parameters = new URLSearchParams(query).toString();
    const answer = await ada.get<Record<string, unknown>>(`${place}${place.includes('?') ? '&' : '?'}${parameters}`);
    const items = answer.status === 200 ? answer.body[name] : [];
    const { nextCursor } = answer.body;
    if (!Array.isArray(items)) throw new Error(`${operationId} has no ${name}: ${JSON.stringify(answer.body)}`);
    return { ...answer, items: items.map((item) => JSON.stringify(item)), next: text(nextCursor) };
  };

  it('are all known here, take a limit and a cursor, and name the next page', () => {
    const known = [...Object.keys(places), ...EXCEPTIONS.keys()];
    expect(lists.map(({ operation }) => operation.operationId).toSorted()).toEqual(known.toSorted());
    for (const { operation } of lists) {
      if (EXCEPTIONS.has(operation.operationId)) continue;
      const query = operation.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
      expect(query, operation.operationId).toEqual(expect.arrayContaining(['limit', 'cursor']));
      expect(Object.keys(answerOf(operation)?.properties ?? {}), operation.operationId).toContain('nextCursor');
    }
  });

  it('clamp a limit beyond the maximum, and refuse one that is none', async () => {
    for (const { operation, name } of paged()) {
      expect(await page(operation.operationId, name, { limit: '1000000' }), operation.operationId).toMatchObject({
        status: 200,
        next: undefined,
      });
      for (const limit of ['0', '-1', '1.5', 'many', ''])
        expect(await page(operation.operationId, name, { limit }), operation.operationId).toMatchObject({
          status: 400,
          body: { errors: expect.arrayContaining([expect.objectContaining({ path: 'limit' })]) as unknown },
        });
    }
  });

  it('lead from page to page through everything, once', async () => {
    for (const { operation, name } of paged()) {
      const { operationId } = operation;
      for (const limit of ['1', '2']) {
        const seen: string[][] = [];
        let cursor: string | undefined;
        do {
          const { status, items, next } = await page(operationId, name, { limit, ...(cursor && { cursor }) });
          expect([operationId, status]).toEqual([operationId, 200]);
          expect(items.length, operationId).toBeLessThanOrEqual(Number(limit));
          seen.push(items);
          cursor = next;
        } while (cursor !== undefined);
        const whole = (await page(operationId, name, { limit: '200' })).items;
        // A log begins with the page that is its end.
        const pages = operationId === 'readServiceLog' ? seen.toReversed() : seen;
        expect(pages.flat(), operationId).toEqual(whole);
      }
    }
  });

  it('refuse a cursor of another list, and what is none', async () => {
    const cursors: [string, string][] = [];
    for (const { operation, name } of paged()) {
      const { next } = await page(operation.operationId, name, { limit: '1' });
      if (next !== undefined) cursors.push([operation.operationId, next]);
    }
    for (const { operation, name } of paged()) {
      const { operationId } = operation;
      const foreign = cursors.filter(([list]) => list !== operationId && !isSameList(list, operationId));
      for (const [list, cursor] of [...foreign, ['nobody', 'nonsense'], ['nobody', "' OR 1=1 --"]] as const)
        expect(await page(operationId, name, { cursor }), `${operationId}, by the cursor of ${list}`).toMatchObject({
          status: 400,
          body: { code: 'invalid_request', errors: [{ path: 'cursor' }] },
        });
    }
  });

  const paged = () => lists.filter(({ operation }) => !EXCEPTIONS.has(operation.operationId));

  function listsOf(api: ApiDocument): { operation: Operation; name: string }[] {
    schemas = api.components.schemas;
    return Object.entries(api.paths).flatMap(([path, { get }]) => {
      // What ends with an id is one thing, whatever it has several of.
      if (!get || path.endsWith('}')) return [];
      const name = Object.entries(answerOf(get)?.properties ?? {}).find(([, { type }]) => type === 'array')?.[0];
      return name === undefined ? [] : [{ operation: get, name }];
    });
  }
});

let schemas: Record<string, Schema> = {};

function answerOf({ responses }: Operation): Schema | undefined {
  const schema = responses['200']?.content?.['application/json']?.schema;
  const name = schema?.$ref?.split('/').at(-1);
  return name === undefined ? schema : schemas[name];
}

/** Both are of tunnels, the latest first. */
function isSameList(one: string, other: string): boolean {
  return [one, other].every((list) => list === 'listTunnels' || list === 'listSessionTunnels');
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
