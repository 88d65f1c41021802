import { join } from 'node:path';
import { BenchProcess } from '../processes/bench-process.js';
import { openAccount } from '../product/account.js';
import { RelayProcess } from '../product/relay-process.js';
import { bareTarget, relayTarget, type Target } from './link.js';

/** The relay, the bare server, and the processes that send and watch. */
export interface TestBed extends AsyncDisposable {
  relay: Target;
  bare: Target;
  sender: BenchProcess;
  viewers: BenchProcess;
  /** Whether the bare server passes a batch on as it came. */
  batchBare: (isBatched: boolean) => Promise<void>;
}

export async function openTestBed(folder: string): Promise<TestBed> {
  const stack = new AsyncDisposableStack();
  const relay = stack.use(await RelayProcess.start({ home: join(folder, 'home') }));
  const { api, runner } = await openAccount(relay.url);
  stack.defer(() => runner.stop());
  const bare = stack.use(await BenchProcess.start(new URL('./bare-server.process.js', import.meta.url)));
  const sender = stack.use(await BenchProcess.start(new URL('./sender.process.js', import.meta.url)));
  const viewers = stack.use(await BenchProcess.start(new URL('./viewers.process.js', import.meta.url)));
  return {
    relay: relayTarget(relay, api, runner),
    bare: await bareTarget(bare),
    sender,
    viewers,
    batchBare: (isBatched) => bare.do('batch', { isBatched }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
