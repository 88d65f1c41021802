import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Gate, type ScriptedModel, startScriptedModel, wordsUntil } from '@pizzapi/testing';
import type { ForkPoint } from '@pizzapi/protocol';
import { expect } from 'vitest';
import { API_KEY } from './fake-api.js';
import { FakeRelay } from './fake-relay.js';
import type { FakeSession } from './fake-session.js';
import { messageIdsInFile } from './session-traces.js';
import { TestRunner } from './test-runner.js';

export interface BegunSession {
  sessionId: string;
  session: FakeSession;
}

/** A runner in a home of its own, the relay that it knows, and the model of its sessions. */
export class RunnerBed implements AsyncDisposable {
  private constructor(
    readonly relay: FakeRelay,
    readonly runner: TestRunner,
    readonly model: ScriptedModel,
  ) {}

  /** Not yet started. Sessions get the scripted model, or with `isDemo` the Demo model. */
  static async create({ isDemo = false, env = {} }: { isDemo?: boolean; env?: Record<string, string> } = {}) {
    const model = await startScriptedModel();
    model.otherwise((answer) => answer.text('That is done.'));
    const relay = new FakeRelay();
    await relay.start();
    const runner = new TestRunner({ PIZZAPI_RELAY_URL: relay.url, PIZZAPI_API_KEY: API_KEY, ...env });
    if (!isDemo) {
      mkdirSync(join(runner.home, 'agent'), { recursive: true });
      writeFileSync(join(runner.home, 'agent', 'models.json'), JSON.stringify(model.modelsJson));
    }
    return new RunnerBed(relay, runner, model);
  }

  /** For a failing test: what the processes printed. */
  get account(): string {
    const logs = [...this.relay.sessions.keys()].map((sessionId) => this.runner.workerLog(sessionId));
    return [this.runner.output, ...logs].join('\n');
  }

  /** Orders a session; resolves when its worker has registered and is idle. */
  async startSession(changes: { cwd?: string; forkOf?: ForkPoint } = {}): Promise<BegunSession> {
    const sessionId = randomUUID();
    const session = this.relay.session(sessionId);
    this.relay.order({ order: 'spawn', sessionId, isResume: false, ...changes });
    await this.relay.until('the session is open', () => session.of('session.opened').length === 1);
    return { sessionId, session };
  }

  async turn({ sessionId, session }: BegunSession, text = 'Hello'): Promise<void> {
    const before = session.finishedTurns;
    this.relay.deliver(sessionId, text);
    await this.relay.until('the turn is over', () => session.finishedTurns > before);
  }

  /** Begins a turn that streams until the gate is opened, and then calls a tool. */
  async streamingTurn({ sessionId, session }: BegunSession, end: Gate, text = 'Hello'): Promise<void> {
    const before = session.of('message.delta').length;
    this.model.next(wordsUntil(end));
    this.relay.deliver(sessionId, text);
    await this.relay.until('it streams', () => session.of('message.delta').length > before + 2);
  }

  /** The events are numbered without holes, every entry came once, and nothing was malformed. */
  expectWhole({ session: { events } }: BegunSession): void {
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const entryIds = events.flatMap((event) => (event.type === 'entry.appended' ? [event.data.entryId] : []));
    expect(new Set(entryIds).size).toBe(entryIds.length);
    expect(this.relay.faults).toEqual([]);
  }

  /** The messages in the session's file must be what the relay has, once each and in order. */
  expectTranscriptLikeFile({ sessionId, session }: BegunSession): void {
    const ids = messageIdsInFile(this.runner, sessionId);
    const entryIds = session.entries().map(({ entryId }) => entryId);
    expect(entryIds.filter((id) => ids.includes(id))).toEqual(ids);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runner.dispose();
    await this.relay.stop();
    await this.model.close();
  }
}
