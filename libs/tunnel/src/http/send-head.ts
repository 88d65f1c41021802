import type { OutgoingMessage } from 'node:http';

/** Sends a head before there is any of the body. (`flushHeaders` would write what is not ASCII in it as UTF-8 instead of Latin-1.) */
export function sendHead(message: OutgoingMessage): void {
  message.write('', 'latin1');
}
