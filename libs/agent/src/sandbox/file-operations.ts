import type {
  EditOperations,
  FindOperations,
  LsOperations,
  ReadOperations,
  WriteOperations,
} from '@earendil-works/pi-coding-agent';
import type { Sandbox } from '@pizzapi/sandbox';
import { imageType, SNIFFED_BYTES } from './image-type.js';
import { ruleAgainst, SandboxDeniedError } from './sandbox-refusal.js';
import type { Violation } from './violation-log.js';

export interface FileOperations {
  read: ReadOperations;
  write: WriteOperations;
  edit: EditOperations;
  ls: LsOperations;
  find: Pick<FindOperations, 'exists'>;
  /** @throws SandboxDeniedError, which is noted, when a rule forbids it */
  check: (kind: Violation['kind'] & ('read' | 'write'), path: string) => void;
}

/**
 * What pi's tools do with files, done in the sandbox. What a rule forbids is refused by its name beforehand: the system would only say
 * that the file is not there. The wall itself does not depend on it.
 */
export function fileOperations(sandbox: Sandbox, onViolation: (violation: Violation) => void): FileOperations {
  const check: FileOperations['check'] = (kind, path) => {
    const rule = ruleAgainst(sandbox, kind, path);
    if (rule === null) return;
    onViolation({ kind, target: path, rule });
    throw new SandboxDeniedError(kind, path, rule);
  };
  const readFile = async (path: string): Promise<Buffer> => {
    check('read', path);
    return sandbox.readFile(path);
  };
  const writeFile = async (path: string, content: string): Promise<void> => {
    check('write', path);
    await sandbox.writeFile(path, Buffer.from(content));
  };
  const access = async (path: string, want: 'read' | 'write'): Promise<void> => {
    check(want, path);
    await sandbox.access(path, want);
  };
  const exists = (path: string): Promise<boolean> => {
    check('read', path);
    return sandbox.access(path, 'exist').then(
      () => true,
      () => false,
    );
  };
  return {
    check,
    read: {
      readFile,
      access: (path) => access(path, 'read'),
      detectImageMimeType: async (path) => imageType(await sandbox.readFile(path, SNIFFED_BYTES)),
    },
    write: {
      writeFile,
      mkdir: async (folder) => {
        check('write', folder);
        await sandbox.makeFolder(folder);
      },
    },
    edit: { readFile, writeFile, access: (path) => access(path, 'write') },
    ls: {
      exists,
      stat: async (path) => {
        const isDirectory = await sandbox.isDirectory(path);
        return { isDirectory: () => isDirectory };
      },
      readdir: (path) => sandbox.listFolder(path),
    },
    find: { exists },
  };
}
