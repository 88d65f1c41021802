import type { ServiceState } from '@pizzapi/protocol';
import type { ServiceManifest } from './discovery/service-manifest.js';

/**
 * One service of this runner, from the moment its folder is read until it is removed or changed. Its module is not run
 * yet; the child process, `init` and `dispose` will be this object's own.
 */
export class ServiceProcess {
  readonly state: ServiceState = 'declared';

  constructor(readonly manifest: ServiceManifest) {}
}
