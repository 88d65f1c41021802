import { join } from 'node:path';
import { BenchProcess } from '../processes/bench-process.js';
import { openAccount } from '../product/account.js';
import { RelayProcess } from '../product/relay-process.js';
import { bareTarget, relayTarget, type Target } from './link.js';

/** The servers that are compared. */
export interface TestBed extends AsyncDisposable {
  relay: Target;
  bare: Target;
  /** As `bare`, but passes batches on as they came. */
  batching: Target;
}

export async function openTestBed(folder: string): Promise<TestBed> {
  const stack = new AsyncDisposableStack();
  const relay = stack.use(await RelayProcess.start({ home: join(folder, 'home') }));
  const { api, runner } = await openAccount(relay.url);
  stack.defer(() => runner.stop());
  const bare = async (isBatched: boolean): Promise<Target> =>
    bareTarget(stack.use(await BenchProcess.start(new URL('./bare-server.process.js', import.meta.url))), isBatched);
  return {
    relay: relayTarget(relay, api, runner),
    bare: await bare(false),
    batching: await bare(true),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
