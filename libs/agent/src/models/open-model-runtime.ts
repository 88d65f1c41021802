import { join } from 'node:path';
import { ModelRuntime } from '@earendil-works/pi-coding-agent';
import { createDemoProvider } from '../demo/demo-provider.js';

/**
 * pi's models and credentials: `models.json` and `auth.json` of the agent's folder and the usual environment keys.
 * Nothing is fetched. The Demo model is added only while no real model can be used.
 */
export async function openModelRuntime(agentDir: string): Promise<ModelRuntime> {
  const runtime = await ModelRuntime.create({
    authPath: join(agentDir, 'auth.json'),
    modelsPath: join(agentDir, 'models.json'),
    allowModelNetwork: false,
  });
  if ((await runtime.getAvailable()).length === 0) {
    runtime.registerNativeProvider(createDemoProvider());
    await runtime.getAvailable();
  }
  return runtime;
}
