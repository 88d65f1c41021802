import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RelayApi, RunnerProcess } from '@pizzapi/testing';
import type { Topology } from '../topologies/topology.js';

/** The first account of a product, and its runner in the same home. */
export async function ownRunner(
  product: Topology,
  env: Record<string, string> = {},
): Promise<{ owner: RelayApi; runner: RunnerProcess }> {
  const code = join(product.home, 'code');
  await mkdir(code);
  const owner = await new RelayApi(product.url).register('ada@example.com');
  const runner = await RunnerProcess.start({
    home: product.home,
    relayUrl: product.url,
    roots: [code],
    apiKey: owner.apiKey ?? '',
    env,
  });
  return { owner, runner };
}
