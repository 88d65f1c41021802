import { providerEnvironment } from './agent-environment.js';

export interface ServiceSurroundings {
  serviceId: string;
  /** PIZZAPI_HOME. */
  home: string;
  /** A folder whose `.pizzapi` is PIZZAPI_HOME. */
  userHome: string;
  /** Null: switched off. */
  relayUrl: string | null;
}

/**
 * The environment of a service's process: the person's own, because services are their code, without any secret of ours. The service's key
 * follows over IPC instead, because others on the machine may be able to read a process's environment.
 */
export function serviceEnvironment(
  { serviceId, home, userHome, relayUrl }: ServiceSurroundings,
  environment: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  return {
    ...providerEnvironment(environment),
    HOME: userHome,
    PIZZAPI_HOME: home,
    PIZZAPI_RELAY_URL: relayUrl ?? 'off',
    PIZZAPI_SERVICE_ID: serviceId,
  };
}
