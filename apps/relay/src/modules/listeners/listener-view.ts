import type { ListenerView } from '@pizzapi/protocol';
import type { ListenerEntity } from './listener.entity.js';

/** A listener as REST shows it. */
export function listenerView(listener: ListenerEntity): ListenerView {
  const { modelProvider, modelId, organisationId: _, deletedAt: __, createdAt, updatedAt, ...shown } = listener;
  return {
    ...shown,
    model: modelProvider !== null && modelId !== null ? { provider: modelProvider, id: modelId } : null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
