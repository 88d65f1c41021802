import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The files with which the sandbox's processes begin. */
export interface SandboxEntries {
  launcher: string;
  helper: string;
}

/** As built. */
export const SANDBOX_ENTRIES: SandboxEntries = {
  launcher: fileURLToPath(new URL('./main.js', import.meta.url)),
  helper: fileURLToPath(new URL('../helper/main.js', import.meta.url)),
};

const runtimeVendor = (): string => {
  const runtime = fileURLToPath(import.meta.resolve('@anthropic-ai/sandbox-runtime'));
  return join(dirname(runtime), '..', 'vendor');
};

/** The program that puts the filter of system calls around whatever it runs; null where none is made for this kind of processor. */
export function filterProgram(architecture: string = process.arch): string | null {
  const path = join(runtimeVendor(), 'seccomp', architecture, 'apply-seccomp');
  return existsSync(path) ? path : null;
}

/** What is run inside, and so has to be seen from there, wherever it is installed: Node, the helper, sandbox-runtime's seccomp filter. */
export function sandboxPrograms({ helper }: SandboxEntries = SANDBOX_ENTRIES): string[] {
  return [process.execPath, dirname(dirname(helper)), runtimeVendor()];
}
