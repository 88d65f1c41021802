import type { SessionEntry, SessionManager } from '@earendil-works/pi-coding-agent';
import { InboxItem } from '@pizzapi/protocol';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';

/** Custom entries that this product writes into pi's file; pi keeps them and shows none of them to the model. */
export const DeliveryEntry = {
  /** A whole {@link InboxItem}: from here on it is ours, and the relay may forget it. */
  received: 'delivery',
  edited: 'delivery-edited',
  /** Taken back by a person while it waited. */
  removed: 'delivery-removed',
  /** Done without a message, as by an extension's command. */
  handled: 'delivery-handled',
} as const;

const Edited = Type.Object({ deliveryId: Type.String(), text: Type.String() });
const Closed = Type.Object({ deliveryId: Type.String() });
/** `text`: what a person typed. Older files do not say it. */
const Handled = Type.Object({
  deliveryId: Type.String(),
  text: Type.String(),
  authorName: Type.Optional(Type.String()),
});

/** `details` of the messages that deliveries become; the id ties a message to its delivery. */
export const DeliveredDetails = Type.Object({ id: Type.String() });
export type DeliveredDetails = Static<typeof DeliveredDetails>;

/**
 * What the session's file says about deliveries: which it holds, and which have not become a message.
 *
 * The whole file counts, not only the current branch: a delivery answered on an abandoned branch was answered.
 */
export class DeliveryLedger {
  readonly #manager: SessionManager;
  readonly #known = new Set<string>();
  /** In the order of arrival. */
  readonly #waiting = new Map<string, InboxItem>();

  constructor(manager: SessionManager) {
    this.#manager = manager;
    for (const entry of manager.getEntries()) this.note(entry);
  }

  /** Received and neither delivered, removed nor handled. */
  get waiting(): InboxItem[] {
    return [...this.#waiting.values()];
  }

  isWaiting(deliveryId: string): boolean {
    return this.#waiting.has(deliveryId);
  }

  /** Appends the delivery to the file. False when the file already holds it. */
  receive(item: InboxItem): boolean {
    if (this.#known.has(item.deliveryId)) return false;
    this.#append(DeliveryEntry.received, item);
    return true;
  }

  edit(deliveryId: string, text: string): void {
    this.#append(DeliveryEntry.edited, { deliveryId, text });
  }

  remove(deliveryId: string): void {
    this.#append(DeliveryEntry.removed, { deliveryId });
  }

  markHandled({ deliveryId, text, authorName }: InboxItem): void {
    this.#append(DeliveryEntry.handled, { deliveryId, text, ...(authorName === undefined ? {} : { authorName }) });
  }

  /** Takes an entry of the file into account. */
  note(entry: SessionEntry): void {
    if (entry.type === 'custom_message') this.#noteMessage(entry.details);
    if (entry.type === 'custom') this.#noteCustom(entry.customType, entry.data);
  }

  #append(customType: string, data: object): void {
    this.#manager.appendCustomEntry(customType, data);
    this.#noteCustom(customType, data);
  }

  #noteMessage(details: unknown): void {
    if (Value.Check(DeliveredDetails, details)) this.#waiting.delete(details.id);
  }

  #noteCustom(customType: string, data: unknown): void {
    if (customType === DeliveryEntry.received && Value.Check(InboxItem, data)) {
      if (!this.#known.has(data.deliveryId)) this.#waiting.set(data.deliveryId, data);
      this.#known.add(data.deliveryId);
    }
    if (customType === DeliveryEntry.edited && Value.Check(Edited, data)) {
      const item = this.#waiting.get(data.deliveryId);
      if (item) this.#waiting.set(data.deliveryId, { ...item, text: data.text });
    }
    if ((customType === DeliveryEntry.removed || customType === DeliveryEntry.handled) && Value.Check(Closed, data)) {
      this.#waiting.delete(data.deliveryId);
    }
  }
}

/** The command that an entry says was run, if it does. */
export function handledCommand(entry: SessionEntry): Static<typeof Handled> | null {
  if (entry.type !== 'custom' || entry.customType !== DeliveryEntry.handled) return null;
  return Value.Check(Handled, entry.data) ? entry.data : null;
}
