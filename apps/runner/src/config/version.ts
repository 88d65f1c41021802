/** The product's version, as `--version` prints it and the relay checks it. */
export const RUNNER_VERSION = '0.1.0';
