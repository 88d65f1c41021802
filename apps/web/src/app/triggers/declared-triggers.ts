import type { AvailableTrigger, RunnerView } from '@pizzapi/protocol';

const RUNNING = new Set(['declared', 'starting', 'running', 'restarting']);

/** The trigger types that a runner's services declare, by their labels; known also while it is away. */
export function declaredTriggers(runner: Pick<RunnerView, 'triggerDefs' | 'services' | 'online'>): AvailableTrigger[] {
  // Absent from an older relay.
  const services = new Map((runner.services ?? []).map(({ id, state }) => [id, state]));
  return (runner.triggerDefs ?? [])
    .map(({ type, label, description, serviceId, schema, disabledReason }) => ({
      type,
      label,
      description: description ?? null,
      serviceId,
      schema: schema ?? null,
      available: disabledReason === undefined && runner.online && RUNNING.has(services.get(serviceId) ?? ''),
      disabledReason: disabledReason ?? null,
    }))
    .sort((a, b) => a.label.localeCompare(b.label));
}
