import type { ScriptedWorker } from '@pizzapi/testing';

type Random = () => number;

/** An entry as it can be read on a page: its number, and the number of the one that it follows, so that a gap shows wherever one looks. */
interface Told {
  number: number;
  entryId: string;
}

/** How long a message or a call may take in entries: longer than a page of the transcript. */
const LONG_CALL = 300;

/** What a worker without an agent tells, at random: words, calls, branches; and what is to be seen of it. */
export class ToldStory {
  private readonly path: Told[] = [];
  private count = 0;
  private running: { toolCallId: string; untilNumber: number } | null = null;

  constructor(
    readonly letter: string,
    readonly worker: ScriptedWorker,
    private readonly random: Random,
  ) {}

  get sessionId(): string {
    return this.worker.sessionId;
  }

  /** The conversation as it stands, oldest first: `#A7^6` is the seventh that was said, after the sixth. */
  get tags(): string[] {
    return this.path.map(({ number }, at) => `#${this.letter}${number}^${this.path[at - 1]?.number ?? 0}`);
  }

  goOn(): void {
    const chance = this.random();
    if (chance < 0.05 && this.path.length > 3) this.goBack();
    else if (chance < 0.15) this.call();
    else if (chance < 0.5) this.answer();
    else this.say();
    if (this.running && this.count >= this.running.untilNumber) this.finishCall();
  }

  private say(): void {
    const { entryId, text, parentId } = this.next();
    const content = { role: 'user', content: text };
    this.worker.send({
      type: 'entry.appended',
      data: { entryId, kind: 'user', ts: new Date().toISOString(), content, parentId },
    });
  }

  private answer(): void {
    const { entryId, text, parentId } = this.next();
    const messageId = `m-${entryId}`;
    const model = { provider: 'p', id: 'm' };
    this.worker.send({ type: 'message.started', data: { messageId, model } });
    for (const delta of text.split(/(?<= )/))
      this.worker.send({ type: 'message.delta', data: { messageId, index: 0, kind: 'text', delta } });
    const content = { role: 'assistant', content: [{ type: 'text', text }], stopReason: 'stop' };
    const ts = new Date().toISOString();
    this.worker.send({
      type: 'entry.appended',
      data: { entryId, kind: 'assistant', ts, content, messageId, parentId },
    });
  }

  /** It goes on while much else is said, as a call does whose tries the sandbox refuses. */
  private call(): void {
    if (this.running) return;
    const toolCallId = `call-${this.letter}${this.count}`;
    this.running = { toolCallId, untilNumber: this.count + Math.ceil(this.random() * LONG_CALL) };
    this.worker.send({ type: 'tool.started', data: { toolCallId, toolName: 'bash', args: { command: 'bake' } } });
  }

  private finishCall(): void {
    if (!this.running) return;
    const { toolCallId } = this.running;
    this.running = null;
    this.worker.send({ type: 'tool.finished', data: { toolCallId, isError: false, durationMs: 1 } });
    const content = { role: 'toolResult', toolCallId, toolName: 'bash', content: [{ type: 'text', text: 'baked' }] };
    this.worker.send({
      type: 'entry.appended',
      data: { entryId: toolCallId, kind: 'tool', ts: new Date().toISOString(), content, parentId: this.leafId },
    });
  }

  private goBack(): void {
    this.path.splice(Math.max(1, this.path.length - 1 - Math.floor(this.random() * 5)));
    this.worker.send({ type: 'branch.changed', data: { leafId: this.leafId } });
  }

  private get leafId(): string | null {
    return this.path.at(-1)?.entryId ?? null;
  }

  private next(): { entryId: string; text: string; parentId: string | null } {
    const parentId = this.leafId;
    const number = ++this.count;
    const entryId = `${this.letter}${number}`;
    this.path.push({ number, entryId });
    return { entryId, parentId, text: `${this.tags.at(-1)} is said here` };
  }
}
