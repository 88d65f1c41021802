import type { SandboxPolicy } from '../policy/policy.js';
import { PlantWatch } from './plant-watch.js';
import { SecretWatch } from './secret-watch.js';

/** Notices what the wall alone cannot keep from happening. */
export class WallWatch {
  readonly #secrets: SecretWatch;
  readonly #plants: PlantWatch;

  /** @param onBreach told what has happened, in words: what runs behind the wall must not go on */
  constructor(policy: SandboxPolicy, onBreach: (what: string) => void) {
    this.#secrets = new SecretWatch(policy, (path) =>
      onBreach(`${path} was put into its place anew, and could have been read`),
    );
    this.#plants = new PlantWatch(policy, (path, isGone) =>
      onBreach(
        `${path} was made, which leads git to another repository and its hooks; ${isGone ? 'it has been removed' : 'it could not be removed: remove it'}`,
      ),
    );
  }

  /** Looks at everything now. */
  check(): void {
    this.#secrets.check();
    this.#plants.check();
  }

  close(): void {
    this.#secrets.close();
    this.#plants.close();
  }
}
