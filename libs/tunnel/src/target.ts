/**
 * Where a request goes at the runner: a loopback port, or the panel of a service, whose port only the runner knows and which changes
 * with every start of the service.
 */
export type TunnelTarget = { kind: 'port'; port: number } | { kind: 'service'; serviceId: string };

/** A target on a certain runner. The runner matters on a connection that leads to several of them: the one between replicas. */
export interface Destination {
  runnerId: string;
  target: TunnelTarget;
}

const PORT = /^port\/([1-9]\d{0,4})$/;
const SERVICE = /^service\/(.+)$/;

/** `port/3000` or `service/<id>`, as it travels with each stream. */
export function targetText(target: TunnelTarget): string {
  return target.kind === 'port' ? `port/${target.port}` : `service/${encodeURIComponent(target.serviceId)}`;
}

/** The target that a text of `targetText` names; null: none. */
export function parseTarget(text: string): TunnelTarget | null {
  const port = Number(PORT.exec(text)?.[1]);
  if (port <= 65_535) return { kind: 'port', port };
  const serviceId = decoded(SERVICE.exec(text)?.[1]);
  return serviceId === null ? null : { kind: 'service', serviceId };
}

function decoded(text: string | undefined): string | null {
  try {
    return text === undefined ? null : decodeURIComponent(text);
  } catch {
    // Half an escape: nobody's id.
    return null;
  }
}
