import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Libraries as plain JavaScript, for tests that start a process of their own on them. */
export interface CompiledLibs extends AsyncDisposable {
  /** A program written here reaches a library as `./<name>/index.js`, and packages by their names. */
  folder: string;
}

/** Compiles a library and those that it imports, without checking types, into a new folder below `node_modules`. Takes about a second. */
export async function compileLibs(library: string): Promise<CompiledLibs> {
  const cache = join(ROOT, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'pizzapi-libs-'));
  const names = new Set([library]);
  // A set yields what is added to it meanwhile, too.
  for (const name of names) {
    const source = join(ROOT, 'libs', name, 'src');
    for (const file of await readdir(source, { recursive: true })) {
      if (!file.endsWith('.ts') || file.endsWith('spec.ts')) continue;
      const target = join(folder, name, file.replace(/\.ts$/, '.js'));
      await mkdir(dirname(target), { recursive: true });
      const { text, imported } = compile(await readFile(join(source, file), 'utf8'), relative(dirname(target), folder));
      for (const other of imported) names.add(other);
      await writeFile(target, text);
    }
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

function compile(source: string, toFolder: string): { text: string; imported: string[] } {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2024 };
  const { outputText } = ts.transpileModule(source, { compilerOptions });
  const ours = /(['"])@pizzapi\/([\w-]+)\1/g;
  return {
    text: outputText.replaceAll(ours, `'${toFolder}/$2/index.js'`),
    imported: [...outputText.matchAll(ours)].flatMap(([, , name]) => name ?? []),
  };
}
