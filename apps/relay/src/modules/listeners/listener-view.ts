import type { ListenerView } from '@pizzapi/protocol';
import { modelOf } from '../sessions/index.js';
import type { ListenerEntity } from './listener.entity.js';

/** A listener as REST shows it. */
export function listenerView(listener: ListenerEntity): ListenerView {
  const { modelProvider, modelId, organisationId, deletedAt, createdAt, updatedAt, ...shown } = listener;
  return {
    ...shown,
    model: modelOf(listener),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
