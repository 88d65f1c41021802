import * as sdk from '@pizzapi/service-sdk';
import { createJiti } from 'jiti';
import { join } from 'node:path';
import { hasErrorCode } from '../files/file-error.js';
import { bunMeta } from './bun/bun-meta.js';
import { saidBy, ServiceFault } from './service-fault.js';
import { UserService } from './user-service.js';

/** Names how modules are compiled: what was compiled otherwise is left alone. */
const COMPILED_AS = 'bun-meta';

export interface ServiceModule {
  /** Absolute. */
  entry: string;
  /** How messages call it: `my-service/index.ts`. */
  name: string;
  /** The manifest's id, which the class has to have. */
  serviceId: string;
  cacheDir: string;
  /** What `import … from "bun"` gives. */
  bun: object;
}

/** Loads a service's module, whatever it is written in, and makes the object of its class. @throws ServiceFault */
export async function loadService(module: ServiceModule): Promise<UserService> {
  const made = construct(await importDefault(module), module.name);
  const id: unknown = made.get('id');
  if (id === module.serviceId) return made;
  const said = typeof id === 'string' ? `is "${id}"` : 'is missing';
  throw new ServiceFault(
    `${module.name}: the class's id ${said}, and the manifest's is "${module.serviceId}"; make them the same`,
    true,
  );
}

/** Jiti compiles TypeScript with everything in it, under any package.json; plain JavaScript passes through. */
async function importDefault({ entry, name, cacheDir, bun }: ServiceModule): Promise<unknown> {
  const jiti = createJiti(entry, {
    fsCache: join(cacheDir, COMPILED_AS), // its own default, a folder in /tmp that all users share, could be filled by another one
    sourceMaps: true,
    transformOptions: { babel: { plugins: [bunMeta] } },
    virtualModules: { bun, '@pizzapi/service-sdk': sdk },
  });
  try {
    return await jiti.import(entry, { default: true });
  } catch (error) {
    const said = isParseError(error) ? error.message.replaceAll(/\s*\n\s*/g, ' ') : saidBy(error); // the next line says where
    throw new ServiceFault(`${name} cannot be loaded: ${said}`, isInTheFiles(error), { cause: error });
  }
}

/** Whether the same files would give the same error. What a module throws while it is loaded may be over the next time. */
function isInTheFiles(error: unknown): boolean {
  if (isParseError(error) || error instanceof SyntaxError) return true;
  return hasErrorCode(error, 'MODULE_NOT_FOUND') || hasErrorCode(error, 'ERR_MODULE_NOT_FOUND');
}

/** Jiti's own, which is no class. */
function isParseError(error: unknown): error is Error {
  return error instanceof Error && error.message.startsWith('ParseError');
}

function construct(exported: unknown, name: string): UserService {
  if (typeof exported !== 'function' || !isConstructor(exported))
    throw new ServiceFault(`${name}: has no class as its default export; write "export default class …"`, true);
  let instance: unknown;
  try {
    instance = Reflect.construct(exported, []);
  } catch (error) {
    throw new ServiceFault(`${name}: the constructor threw: ${saidBy(error)}`, false, { cause: error });
  }
  const made = new UserService(instance);
  if (!made.has('init')) throw new ServiceFault(`${name}: the class has no method init(socket, context)`, true);
  return made;
}

function isConstructor(value: unknown): boolean {
  if (typeof value !== 'function') return false;
  try {
    Reflect.construct(Object, [], value); // looks at it as a class without running it
    return true;
  } catch {
    return false;
  }
}
