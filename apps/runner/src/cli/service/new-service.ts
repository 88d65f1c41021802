import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { serviceTemplate } from './service-template.js';

/** Of sysexits.h: what was asked for cannot be (EX_USAGE), or the output cannot be created (EX_CANTCREAT). */
const EXIT_USAGE = 64;
const EXIT_CANNOT_CREATE = 73;

/** Narrower than what a manifest's `id` may be: it also becomes a folder and a class. */
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const MAX_LENGTH = 60;
/** Trigger types that start with these are the relay's own. */
const RESERVED = new Set(['time', 'webhook', 'session']);

/** No service was written. The message says why and what to do. */
export class NewServiceError extends Error {
  constructor(
    readonly code: 'service_name_invalid' | 'service_exists' | 'service_not_written',
    readonly exitCode: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'NewServiceError';
  }
}

/**
 * Writes a service that works as it is into the folder of services.
 *
 * @returns what to tell the person: where it is and what to do next
 * @throws NewServiceError
 */
export function newService(name: string, servicesDir: string): string {
  checkName(name);
  const folder = join(servicesDir, name);
  if (existsSync(folder))
    throw new NewServiceError(
      'service_exists',
      EXIT_CANNOT_CREATE,
      `${folder} is there already and was left as it is; choose another name, or move it away.`,
    );
  const files = serviceTemplate(name);
  try {
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), content, { flag: 'wx' });
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const advice = `${folder} could not be written (${reason}); check the folder's rights and the space, and remove what is there of it.`;
    throw new NewServiceError('service_not_written', EXIT_CANNOT_CREATE, advice, { cause: error });
  }
  return nextSteps(name, folder, Object.keys(files));
}

function checkName(name: string): void {
  if (RESERVED.has(name))
    throw new NewServiceError(
      'service_name_invalid',
      EXIT_USAGE,
      `"${name}" is a name of the relay's own; choose another one.`,
    );
  if (!NAME.test(name) || name.length > MAX_LENGTH)
    throw new NewServiceError(
      'service_name_invalid',
      EXIT_USAGE,
      `"${name}" cannot be a service's name; use up to ${MAX_LENGTH} lower-case letters, digits and single hyphens, beginning with a letter: "build-watch".`,
    );
}

function nextSteps(name: string, folder: string, files: string[]): string {
  return `Wrote the service "${name}" into ${folder}:
${files.map((file) => `  ${file}`).join('\n')}

A runner that is running starts it within seconds, and again after each change. Next:
  1. Open a session on this machine in the console; the service's button is in its toolbar, with the panel behind it.
  2. Tell the agent: "Subscribe to ${name}:happened", or subscribe in the session's Triggers panel (the Demo model follows no orders).
     Then press the panel's button.
  3. Make it yours in index.ts. Its state and its log are on the runner's page, under Services.
`;
}
