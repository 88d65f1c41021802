/** The product's version: what `--version` prints, and what the relay and MCP servers are told. */
export const RUNNER_VERSION = '0.1.0';
