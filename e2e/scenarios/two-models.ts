/** Dollars per million tokens: an answer of the scripted model (100 tokens in, 10 out) costs 11 cents. */
const COST = { input: 1_000, output: 1_000, cacheRead: 0, cacheWrite: 0 };

/** A `models.json` in which one scripted model goes by two names. */
export function twoModels(baseUrl: string): object {
  const models = [
    { id: 'm1', name: 'Scripted model', contextWindow: 100_000, reasoning: true, cost: COST },
    { id: 'm2', name: 'Second model', contextWindow: 50_000, cost: COST, input: ['text', 'image'] },
  ];
  return { providers: { scripted: { baseUrl, api: 'openai-completions', apiKey: 'test-key', models } } };
}
