/** One message of a server, at most. */
export const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
export const TOO_LARGE = `It sent a message of more than ${MAX_MESSAGE_BYTES / 1024 / 1024} MiB.`;
