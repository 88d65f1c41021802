import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discoverPlugins } from '../src/discover-plugins.js';
import type { PluginList } from '../src/plugin.js';

/** A home with plugins in `mine` and `claude`, and Claude Code's list in the latter. */
export class PluginHome {
  private constructor(readonly path: string) {}

  static async create(): Promise<PluginHome> {
    return new PluginHome(await mkdtemp(join(tmpdir(), 'pizzapi-plugins-')));
  }

  async write(path: string, content: string | object): Promise<void> {
    const file = join(this.path, path);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  }

  found(): Promise<PluginList> {
    const places = {
      roots: [join(this.path, 'mine'), join(this.path, 'claude')],
      installedFile: join(this.path, 'claude', 'installed_plugins.json'),
    };
    return discoverPlugins(places, parse);
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true, force: true });
  }
}

/** Fields of one line each, as a stand-in for YAML, which libs/agent brings. */
function parse(content: string): { frontmatter: unknown; body: string } {
  const [, head, body] = /^---\n([^]*?)\n---\n([^]*)$/.exec(content) ?? [];
  if (head === undefined || body === undefined) return { frontmatter: {}, body: content };
  if (head === 'broken') throw new Error('broken\nin line 1');
  const fields = head.split('\n').map((line) => line.split(/:\s*/, 2));
  return { frontmatter: head === '- list' ? ['list'] : Object.fromEntries(fields), body };
}
