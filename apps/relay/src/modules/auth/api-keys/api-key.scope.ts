/** What a key is valid for: `all` that its owner may do, one runner's connection, or firing one service's triggers. */
export const ApiKeyScope = { all: 'all', runner: 'runner', service: 'service' } as const;
export type ApiKeyScope = (typeof ApiKeyScope)[keyof typeof ApiKeyScope];
