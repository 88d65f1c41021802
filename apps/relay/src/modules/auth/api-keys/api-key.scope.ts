/** What a key may be used for: `all` that its owner may do, or one runner's connection. */
export const ApiKeyScope = { all: 'all', runner: 'runner' } as const;
export type ApiKeyScope = (typeof ApiKeyScope)[keyof typeof ApiKeyScope];
