import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Static, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { forget, remember } from './process-registry.js';

const fromChild = Compile(
  Type.Union([
    Type.Object({ answerTo: Type.Integer(), answer: Type.Unknown() }),
    Type.Object({ answerTo: Type.Integer(), failure: Type.String() }),
    Type.Object({ news: Type.Unknown() }),
  ]),
);

interface Waiting {
  resolve: (answer: unknown) => void;
  reject: (error: Error) => void;
}

/** One of the benchmark's own processes (`answer-questions.ts` is its side): it is asked, and answers. */
export class BenchProcess implements AsyncDisposable {
  /** Called with what the process says unasked. */
  onNews: (news: unknown) => void = () => undefined;
  private readonly waiting = new Map<number, Waiting>();
  private lastQuestion = 0;

  private constructor(
    private readonly child: ChildProcess,
    readonly pid: number,
  ) {
    remember(pid);
    child.on('message', (message) => this.receive(message));
    child.once('exit', () => {
      forget(pid);
      for (const { reject } of this.waiting.values()) reject(new Error(`The process ${pid} has ended.`));
    });
  }

  /** @param module `new URL('./viewers.process.js', import.meta.url)` */
  static async start(module: URL, nodeOptions: string[] = []): Promise<BenchProcess> {
    const child = fork(fileURLToPath(module), { execArgv: nodeOptions });
    await once(child, 'spawn');
    if (child.pid === undefined) throw new Error(`${module.pathname} could not be started.`);
    return new BenchProcess(child, child.pid);
  }

  async ask<S extends TSchema>(question: string, data: object, answer: S): Promise<Static<S>> {
    const id = ++this.lastQuestion;
    const raw = await new Promise<unknown>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.send({ id, question, data });
    });
    const check = Compile(answer);
    if (!check.Check(raw)) throw new Error(`The answer to "${question}" is not what was asked for.`);
    return raw;
  }

  /** Asks for something to be done, and waits until it is. */
  async do(question: string, data: object = {}): Promise<void> {
    await this.ask(question, data, Type.Object({}));
  }

  /** Does not wait. */
  tell(question: string, data: object): void {
    this.child.send({ id: 0, question, data });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  private receive(message: unknown): void {
    if (!fromChild.Check(message)) throw new Error(`The process ${this.pid} said something unknown.`);
    if ('news' in message) return this.onNews(message.news);
    const waiting = this.waiting.get(message.answerTo);
    this.waiting.delete(message.answerTo);
    if ('failure' in message) waiting?.reject(new Error(message.failure));
    else waiting?.resolve(message.answer);
  }
}
