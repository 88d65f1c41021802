import { InboxItem } from '@pizzapi/protocol';
import type { Logger } from '../logging/logger.js';
import { Compile } from 'typebox/compile';

const validator = Compile(InboxItem);

/** One delivery that this version cannot read stays with the relay, and holds up none of those that came along with it. */
export function readableOf(items: readonly unknown[], logger: Logger): InboxItem[] {
  return items.filter((item): item is InboxItem => {
    if (validator.Check(item)) return true;
    const [error] = validator.Errors(item);
    logger.warn({ fault: error?.message, at: error?.instancePath }, 'a delivery cannot be read; the relay keeps it');
    return false;
  });
}
