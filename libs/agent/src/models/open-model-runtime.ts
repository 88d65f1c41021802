import { join } from 'node:path';
import { ModelRuntime } from '@earendil-works/pi-coding-agent';
import { createDemoProvider } from '../demo/demo-provider.js';
import { ModelSettingsInvalidError } from '../errors/agent-error.js';

/**
 * pi's models and credentials: `models.json` and `auth.json` of the agent's folder and the usual environment keys.
 * Nothing is fetched. The Demo model is added only while no real provider is set up.
 * @throws ModelSettingsInvalidError when one is, but not so that pi can read it
 */
export async function openModelRuntime(agentDir: string): Promise<ModelRuntime> {
  const runtime = await ModelRuntime.create({
    authPath: join(agentDir, 'auth.json'),
    modelsPath: join(agentDir, 'models.json'),
    allowModelNetwork: false,
  });
  if ((await runtime.getAvailable()).length === 0) {
    const problem = runtime.getError();
    // Somebody set up a provider: a slip in that must not end in a model that only plays.
    if (problem !== undefined) throw new ModelSettingsInvalidError(agentDir, problem);
    runtime.registerNativeProvider(createDemoProvider());
    // Registering begins a check of credentials that nobody can await, and of two checks only the later one counts.
    for (let tries = 0; tries < 10 && runtime.getAvailableSnapshot().length === 0; tries += 1)
      await runtime.getAvailable();
  }
  return runtime;
}
