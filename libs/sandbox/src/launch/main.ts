import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { SandboxManager, type SandboxRuntimeConfig } from '@anthropic-ai/sandbox-runtime';
import { Value } from 'typebox/value';
import { hardened } from './hardened.js';
import { type LaunchNews, LaunchOrder } from './plan.js';

// Outside the sandbox: asks sandbox-runtime for the command line that builds the wall, and stays for as long as its proxy is needed. A
// process of its own, because sandbox-runtime takes the working directory of its process for the one to protect, and puts empty files
// there; and because its proxy should not share a process with keys.

const tell = (news: LaunchNews): boolean => process.stdout.write(`${JSON.stringify(news)}\n`);
const DENIED_HOST = /^deny network-outbound (.+):(\d+) \(/;

const input = createInterface({ input: process.stdin });
const isOver = once(input, 'close');
const order: unknown = JSON.parse(String(await once(input, 'line')));
if (!Value.Check(LaunchOrder, order))
  throw new Error('A launcher is started by the sandbox, which writes its order to stdin.');
try {
  await launch(order);
} catch (error) {
  tell({ type: 'failed', reason: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
}

async function launch({ command, filesystem, hidden, allowedDomains }: LaunchOrder): Promise<void> {
  if (allowedDomains !== null) await startProxy({ network: proxyRules(allowedDomains), filesystem });
  // What is denied as a credential is brought back by no list of what can be written, not even by sandbox-runtime's own.
  const credentials = { files: hidden.map((path) => ({ path, mode: 'deny' as const })) };
  // Without a word about the network it stays open.
  const wrapped = await SandboxManager.wrapWithSandbox(command, 'bash', { filesystem, credentials });
  tell({ type: 'wrapped', command: process.platform === 'linux' ? hardened(wrapped) : wrapped });
  // What the wall is built on has to be there until it stands, and the proxy for as long as it does: then the worker lets go.
  await isOver;
  await SandboxManager.reset();
  process.exit(0);
}

function proxyRules(allowedDomains: string[]): SandboxRuntimeConfig['network'] {
  return { allowedDomains, deniedDomains: [], strictAllowlist: true };
}

async function startProxy(config: SandboxRuntimeConfig): Promise<void> {
  await SandboxManager.initialize(config);
  reportRefusals();
}

/** The store hands over all that it keeps, each time: the last few are new. */
function reportRefusals(): void {
  const store = SandboxManager.getSandboxViolationStore();
  let told = store.getTotalCount();
  store.subscribe((kept) => {
    const count = Math.min(store.getTotalCount() - told, kept.length);
    told = store.getTotalCount();
    for (const violation of kept.slice(kept.length - count)) {
      const [, host, port] = DENIED_HOST.exec(violation.line) ?? [];
      if (host !== undefined) tell({ type: 'refused', host, port: Number(port) });
    }
  });
}
