import { createAssistantMessageEventStream, createProvider, type Provider } from '@earendil-works/pi-ai';
import { DemoModel } from '../models/demo-model.js';
import { planDemoStep } from './demo-script.js';
import { streamDemoStep } from './demo-stream.js';

/**
 * A provider with the one model "Demo (no LLM)": it follows a script, in process and without a network, so that
 * everything around a model can be tried where none is set up.
 */
export function createDemoProvider(): Provider {
  const stream: Provider['streamSimple'] = (model, context, options) => {
    const events = createAssistantMessageEventStream();
    // Never rejects: what goes wrong ends the stream as a model's error would.
    void streamDemoStep(events, model, planDemoStep(context.messages), options?.signal);
    return events;
  };
  return createProvider({
    id: DemoModel.provider,
    name: 'Demo',
    auth: { apiKey: { name: 'Demo', resolve: () => Promise.resolve({ auth: {} }) } },
    models: [
      {
        ...DemoModel,
        api: 'demo',
        baseUrl: 'http://localhost:0',
        reasoning: true,
        input: ['text'],
        cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
        contextWindow: 128_000,
        maxTokens: 8_192,
      },
    ],
    api: { stream, streamSimple: stream },
  });
}
