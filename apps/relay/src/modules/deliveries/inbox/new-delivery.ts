import type { InboxItem } from '@pizzapi/protocol';

/** A delivery before it is in an inbox. */
export type NewDelivery = Omit<InboxItem, 'cursor'>;
