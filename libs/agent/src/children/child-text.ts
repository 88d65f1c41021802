import type { ChildRunnerView, ChildView } from '@pizzapi/protocol';

/** Children as the model reads them: one line each, the id first. */
export function describeChildren(children: readonly ChildView[]): string {
  return children.length === 0 ? 'This session has no children.' : children.map(describeChild).join('\n');
}

export function describeChild({ sessionId, name, runnerId, cwd, model, costUsd, ...child }: ChildView): string {
  const where = cwd === '' ? `on runner ${runnerId}` : `in ${cwd} on runner ${runnerId}`;
  const by = model === null ? '' : `, ${model.provider}/${model.id}`;
  return `${sessionId}: ${JSON.stringify(name)}, ${stateOf(child)}, ${where}${by}, $${costUsd.toFixed(4)}`;
}

export function describeRunners(runners: readonly ChildRunnerView[]): string {
  return runners
    .map(({ runnerId, name, online, platform, roots }) => {
      const folders = roots.length === 0 ? '' : `, folders ${roots.join(', ')}`;
      return `${runnerId}: ${JSON.stringify(name)}, ${online ? 'online' : 'offline'}, ${platform}${folders}`;
    })
    .join('\n');
}

function stateOf({ status, activity, isConnected, failure }: StateOfChild): string {
  if (status === 'failed') return `failed: ${failure ?? 'it is not known why'}`;
  if (status !== 'active') return status;
  const doing = activity ?? 'active';
  return isConnected || activity === 'paused' ? doing : `${doing}, disconnected`;
}

type StateOfChild = Pick<ChildView, 'status' | 'activity' | 'isConnected' | 'failure'>;
