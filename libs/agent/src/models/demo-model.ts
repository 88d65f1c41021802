/** The one model of a runner without any provider; its name says that nothing thinks. */
export const DemoModel = { provider: 'demo', id: 'demo', name: 'Demo (no LLM)' } as const;
