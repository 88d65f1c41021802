import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SandboxMode } from '@pizzapi/protocol';
import {
  type Refusal,
  Sandbox,
  type SandboxEntries,
  type SandboxPlace,
  sandboxPolicy,
  sandboxPrograms,
  toolEnvironment,
} from '../src/index.js';
import { RUNTIME_TEMP } from '../src/policy/secrets.js';

/** What an attempt is after. Whoever prints it has got through. */
export const SECRET = 'the-secret-of-the-bed';

/** A machine in small: a home with secrets, a session's folder, a relay, its Redis, another worker, a name server. */
export class EscapeBed implements AsyncDisposable {
  readonly #root = realpathSync(mkdtempSync(join(tmpdir(), 'sandbox-bed-')));
  readonly #servers: (Server | TcpServer)[] = [];
  readonly #sandboxes = new Map<string, Sandbox>();
  #nameServer: Socket | null = null;
  #otherWorker: ChildProcess | null = null;
  readonly userHome = join(this.#root, 'home');
  readonly home = join(this.userHome, '.pizzapi');
  readonly cwd = join(this.userHome, 'project');
  readonly temp = join(this.#root, 'tmp', 'sessions', 'own');
  /** Another sandbox's, in the folder that sandbox-runtime opens to all; that one is the machine's own. */
  readonly runtimeTempFile = join(RUNTIME_TEMP, `escape-bed-${process.pid}`);
  relayPort = 0;
  redisPort = 0;
  namePort = 0;
  readonly redisSocket = join(this.home, 'relay', 'redis.sock');
  readonly publicSocket = join(this.userHome, 'daemon.sock');
  readonly abstractSocket = `escape-bed-${process.pid}`;
  /** Where programs share memory by files; the folder is the machine's own. */
  readonly sharedFile = `/dev/shm/escape-bed-${process.pid}`;
  /** Of another user; it is there only for root. */
  readonly otherHome = `/home/escape-bed-${process.pid}`;
  /** The number of a segment of memory. */
  sharedMemory = 0;
  /** What was refused, as the system told it. */
  readonly refusals: Refusal[] = [];
  /** What commands printed, and in which folder, since somebody took it away. */
  readonly printed: { cwd: string; output: string }[] = [];

  private constructor(private readonly entries: SandboxEntries) {}

  static async open(entries: SandboxEntries): Promise<EscapeBed> {
    const bed = new EscapeBed(entries);
    bed.#furnish();
    bed.relayPort = await bed.#listen(
      createServer((request, response) => {
        const mayEnter = request.headers['x-api-key'] === SECRET;
        response.writeHead(mayEnter ? 200 : 401).end(mayEnter ? SECRET : 'who are you?');
      }),
      0,
    );
    bed.redisPort = await bed.#listen(redis(), 0);
    await bed.#listen(redis(), bed.redisSocket);
    await bed.#listen(redis(), bed.publicSocket);
    await bed.#listen(redis(), `\0${bed.abstractSocket}`);
    bed.sharedMemory = shareMemory();
    bed.namePort = await bed.#answerNames();
    bed.#otherWorker = spawn(process.execPath, ['-e', `globalThis.kept = '${SECRET}'; setInterval(() => {}, 1e6)`], {
      env: { WORKER_TOKEN: SECRET },
      stdio: 'ignore',
    });
    await once(bed.#otherWorker, 'spawn');
    return bed;
  }

  get otherWorkerPid(): number {
    return this.#otherWorker?.pid ?? 0;
  }

  path(...names: string[]): string {
    return join(this.userHome, ...names);
  }

  /** What a file outside holds now, for everybody; null when there is none. */
  contentOf(path: string): string | null {
    return existsSync(path) ? readFileSync(path, 'utf8') : null;
  }

  /** Puts a file anew into its place, as programs do that save. */
  replace(path: string): void {
    writeFileSync(`${path}.new`, SECRET);
    renameSync(`${path}.new`, path);
  }

  remove(path: string): void {
    rmSync(path, { recursive: true, force: true });
  }

  /** Whether a process runs whose command line has this word. */
  isRunning(word: string): boolean {
    return this.#processesWith(word).length > 0;
  }

  /** @returns whether there was one */
  endRunning(word: string): boolean {
    const found = this.#processesWith(word);
    for (const pid of found) process.kill(pid, 'SIGKILL');
    return found.length > 0;
  }

  /** What a command prints, run as tools of a session in this mode are. @param cwd the session's folder */
  async run(mode: SandboxMode, command: string, cwd = this.cwd): Promise<string> {
    const sandbox = this.sandbox(mode, cwd);
    if (sandbox === null) return this.#runBare(command, cwd);
    const chunks: Buffer[] = [];
    await sandbox.exec(
      { shell: '/bin/bash', args: ['-c', command], cwd, env: {}, timeoutMs: 30_000 },
      { onOutput: (chunk) => chunks.push(chunk), onRefusal: this.#note },
    );
    const output = Buffer.concat(chunks).toString();
    this.printed.push({ cwd, output });
    return output;
  }

  /** Runs `attempt` while an MCP server of the session runs that has a secret in its environment. */
  async besideServer<T>(mode: SandboxMode, attempt: () => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const { signal } = stop;
    const started = Promise.withResolvers<void>();
    const onOutput = (): void => started.resolve();
    const program = { program: '/bin/sh', args: ['-c', 'echo up; exec sleep 600'], env: { SERVER_TOKEN: SECRET } };
    const sandbox = this.sandbox(mode, this.cwd, 'servers');
    const ended = sandbox
      ? (await sandbox.serve({ ...program, cwd: this.cwd }, { onOutput, signal })).ended
      : startBare(program, onOutput, signal);
    await started.promise;
    return attempt().finally(() => {
      stop.abort();
      return ended.catch(() => undefined);
    });
  }

  /** Null in mode `none`: there is no wall. @param whose of what runs in it */
  sandbox(mode: SandboxMode, cwd = this.cwd, whose = 'tools'): Sandbox | null {
    if (mode === 'none') return null;
    const known = this.#sandboxes.get(`${whose} ${mode} ${cwd}`);
    if (known) return known;
    const sandbox = new Sandbox({
      policy: sandboxPolicy([{ mode, allowedDomains: ['127.0.0.1'] }], { ...this.place, cwd }),
      cwd,
      emptyFolder: join(this.home, 'run', 'empty'),
      env: toolEnvironment({ ...process.env, HOME: this.userHome, ANTHROPIC_API_KEY: SECRET }, this.temp),
      temp: this.temp,
      onRefusal: this.#note,
      entries: this.entries,
    });
    this.#sandboxes.set(`${whose} ${mode} ${cwd}`, sandbox);
    return sandbox;
  }

  get place(): SandboxPlace {
    return {
      cwd: this.cwd,
      userHome: this.userHome,
      home: this.home,
      temp: this.temp,
      sessionTemps: dirname(this.temp),
      sharedTemp: dirname(dirname(this.temp)),
      hidden: [join(this.#root, 'relay-data')],
      readable: [],
      ownPrograms: sandboxPrograms(this.entries),
    };
  }

  /** A folder whose `.git` is a file. */
  get worktree(): string {
    return join(this.userHome, 'worktree');
  }

  get relayData(): string {
    return join(this.#root, 'relay-data');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const sandbox of this.#sandboxes.values()) await sandbox.close();
    for (const server of this.#servers) server.close();
    this.#nameServer?.close();
    this.#otherWorker?.kill('SIGKILL');
    rmSync(this.#root, { recursive: true, force: true });
    for (const path of [this.runtimeTempFile, this.sharedFile, this.otherHome]) this.remove(path);
    execFileSync('ipcrm', ['-m', String(this.sharedMemory)]);
    if (readdirSync(RUNTIME_TEMP).length === 0) rmdirSync(RUNTIME_TEMP);
  }

  readonly #note = (refusal: Refusal): void => void this.refusals.push(refusal);

  #furnish(): void {
    const files = [
      this.path('.ssh', 'id_ed25519'),
      this.path('.aws', 'credentials'),
      this.path('.npmrc'),
      this.path('.mozilla', 'firefox', 'cookies.sqlite'),
      join(this.home, 'config.json'),
      join(this.home, 'agent', 'sessions', 'other.jsonl'),
      join(this.home, 'relay', 'relay.db'),
      join(this.relayData, 'secret-key'),
      join(dirname(this.temp), 'other-session', 'notes'),
      this.runtimeTempFile,
      this.sharedFile,
      ...(process.geteuid?.() === 0 ? [join(this.otherHome, '.ssh', 'id_ed25519')] : []),
      this.path('other-project', 'README.md'),
      join(this.cwd, '.git', 'hooks', 'pre-commit'),
      join(this.cwd, '.git', 'config'),
      join(this.cwd, '.git', 'worktrees', 'other', 'commondir'),
      join(this.cwd, 'apps', 'below', '.git', 'hooks', 'pre-commit'),
      join(this.cwd, '.pizzapi', 'config.json'),
      join(this.worktree, '.git'),
    ];
    for (const file of files) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, SECRET);
    }
    mkdirSync(this.temp, { recursive: true });
    writeFileSync(join(this.cwd, 'get.mjs'), GET);
    symlinkSync(this.path('.ssh'), join(this.cwd, 'link-to-ssh'));
    symlinkSync(this.path('other-project'), join(this.cwd, 'link-out'));
    chmodSync(this.home, 0o700);
  }

  #processesWith(word: string): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && commandLine(name).includes(word))
      .map(Number);
  }

  async #listen(server: Server | TcpServer, where: number | string): Promise<number> {
    this.#servers.push(server);
    if (typeof where === 'string') server.listen(where);
    else server.listen(where, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return isPort(address) ? address.port : 0;
  }

  async #answerNames(): Promise<number> {
    const socket = createSocket('udp4');
    this.#nameServer = socket;
    socket.on('message', (_question, { port, address }) => socket.send(SECRET, port, address));
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return socket.address().port;
  }

  #runBare(command: string, cwd: string): Promise<string> {
    const env = { ...process.env, HOME: this.userHome, ANTHROPIC_API_KEY: SECRET };
    return new Promise((resolve) => {
      execFile('/bin/bash', ['-c', command], { cwd, env, timeout: 30_000 }, (_error, stdout, stderr) =>
        resolve(stdout + stderr),
      );
    });
  }
}

async function startBare(
  { program, args, env }: { program: string; args: string[]; env: NodeJS.ProcessEnv },
  onOutput: () => void,
  signal: AbortSignal,
): Promise<void> {
  const child = spawn(program, args, { env, signal });
  child.on('error', () => undefined); // that it was ended
  child.stdout.on('data', onOutput);
  await once(child, 'close');
}

/** Empty for one that has gone meanwhile. */
function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Asks a web server, by the proxy that the environment names, if it names one. */
const GET = `
import http from 'node:http';
const [host, port, key] = process.argv.slice(2);
const proxy = process.env.HTTP_PROXY && new URL(process.env.HTTP_PROXY);
const target = 'http://' + host + ':' + port + '/';
const login = proxy && 'Basic ' + Buffer.from(decodeURIComponent(proxy.username) + ':' + decodeURIComponent(proxy.password)).toString('base64');
const where = proxy ? { host: proxy.hostname, port: proxy.port, path: target } : { host, port, path: '/' };
const headers = { host: host + ':' + port, 'x-api-key': key, ...(proxy && { 'proxy-authorization': login }) };
http.get({ ...where, headers }, (answer) => answer.pipe(process.stdout)).on('error', (error) => console.log(error.code));
`;

/** By perl, which Node has no words for. @returns its number */
function shareMemory(): number {
  const program = `my $id = shmget(0, 4096, 0600 | 01000) // die $!; shmwrite($id, '${SECRET}', 0, ${SECRET.length}) or die $!; print $id`;
  return Number(execFileSync('perl', ['-e', program], { encoding: 'utf8' }));
}

function redis(): TcpServer {
  return createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(SECRET);
  });
}

function isPort(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
