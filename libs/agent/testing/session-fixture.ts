import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { InboxItem, SessionEventData, SessionEventType, UnnumberedSessionEvent } from '@pizzapi/protocol';
import type { AgentHost } from '../src/session/agent-host.js';
import { openAgentSession, type OpenAgentSessionOptions } from '../src/session/open-agent-session.js';

/** Collects a session's events and waits for facts about them. */
export class EventLog {
  readonly all: UnnumberedSessionEvent[] = [];
  readonly #waiting = new Set<() => void>();

  readonly add = (event: UnnumberedSessionEvent): void => {
    this.all.push(event);
    for (const check of this.#waiting) check();
  };

  /** The data of all events of one type. */
  of<T extends SessionEventType>(type: T): SessionEventData<T>[] {
    const found: SessionEventData<T>[] = [];
    for (const event of this.all) if (isOf(event, type)) found.push(event.data);
    return found;
  }

  /** Resolves when the fact holds, which is looked at after every event. */
  until(isTrue: (log: this) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!isTrue(this)) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  untilIdle(): Promise<void> {
    return this.until(
      (log) => log.of('activity.changed').length > 1 && log.of('activity.changed').at(-1)?.activity === 'idle',
    );
  }

  /** Everything streamed as text so far. */
  get text(): string {
    return this.of('message.delta')
      .filter(({ kind }) => kind === 'text')
      .map(({ delta }) => delta)
      .join('');
  }
}

function isOf<T extends SessionEventType>(
  event: { type: string; data: unknown },
  type: T,
): event is { type: T; data: SessionEventData<T> } {
  return event.type === type;
}

/** A home with pi's folder and a working folder, and sessions in it. */
export class SessionFixture implements AsyncDisposable {
  readonly sessionId = randomUUID();
  readonly #open: AgentHost[] = [];
  #epoch = 0;

  private constructor(
    readonly home: string,
    readonly agentDir: string,
    readonly cwd: string,
  ) {}

  /** `settings`: pi's own. Default: short waits between its retries. */
  static async create(
    modelsJson?: object,
    settings: object = { retry: { baseDelayMs: 1, maxRetries: 2 } },
  ): Promise<SessionFixture> {
    const home = await mkdtemp(join(tmpdir(), 'pizzapi-agent-'));
    const fixture = new SessionFixture(home, join(home, 'agent'), join(home, 'work'));
    await mkdir(fixture.agentDir);
    await mkdir(fixture.cwd);
    if (modelsJson) await writeFile(join(fixture.agentDir, 'models.json'), JSON.stringify(modelsJson));
    await writeFile(join(fixture.agentDir, 'settings.json'), JSON.stringify(settings));
    return fixture;
  }

  /** Opens the session; not yet started. */
  async open(changes: Partial<OpenAgentSessionOptions> = {}): Promise<{ host: AgentHost; log: EventLog }> {
    const log = new EventLog();
    const { sessionId, cwd, agentDir } = this;
    const options = { sessionId, cwd, agentDir, epoch: (this.#epoch += 1), isResume: false, emit: log.add };
    const host = await openAgentSession({ ...options, ...changes });
    this.#open.push(host);
    return { host, log };
  }

  /** Puts a copy of a session's file, as it stood at some moment, where this home finds it. @returns the folder for `sessionsDir` */
  async adopt(name: string, content: string): Promise<string> {
    const sessionsDir = join(this.home, 'adopted');
    const folder = join(sessionsDir, basename(dirname(name)));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, basename(name)), content);
    return sessionsDir;
  }

  async started(changes: Partial<OpenAgentSessionOptions> = {}): Promise<{ host: AgentHost; log: EventLog }> {
    const opened = await this.open(changes);
    opened.host.start();
    return opened;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const host of this.#open) await host.close('shutdown');
    await rm(this.home, { recursive: true, force: true });
  }
}

let count = 0;

/** A person's input, as the relay delivers it. */
export function anInput(text: string, changes: Partial<InboxItem> = {}): InboxItem {
  count += 1;
  const ts = new Date().toISOString();
  return { cursor: `${count}-0`, deliveryId: `inp_${count}`, kind: 'input', deliverAs: 'prompt', ts, text, ...changes };
}
