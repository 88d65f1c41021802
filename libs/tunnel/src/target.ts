/**
 * Where a request goes at the runner: a loopback port, or the panel of a service, whose port only the runner knows and which changes
 * with every start of the service.
 */
export type TunnelTarget = { kind: 'port'; port: number } | { kind: 'service'; serviceId: string };
