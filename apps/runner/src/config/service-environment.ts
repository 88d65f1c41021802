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
 * What a service's process starts with: the person's own environment, since services are their code, without any secret of ours. Its key
 * comes later, by another way, as other users of the machine may see this.
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
