import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { complaintIn } from './complaints.js';
import { isListening } from './listening-ports.js';

const path = '/home/ada/.ssh/id_ed25519';
const nowhere = '/nowhere/at/all';

describe('a complaint about a file', () => {
  it.each([
    ['cat', `cat: ${path}: No such file or directory`],
    ['cat of coreutils that quotes', `cat: '${path}': Permission denied`],
    ['a shell', `bash: line 1: ${path}: Read-only file system`],
    ['ripgrep', `rg: ${path}: No such file or directory (os error 2)`],
    ['git', `fatal: could not open '${path}' for reading: No such file or directory`.replace(' for reading', '')],
    ['Python', `FileNotFoundError: [Errno 2] No such file or directory: '${path}'`],
    ['Python, of bytes', `PermissionError: [Errno 13] Permission denied: b'${path}'`],
    ['Node', `Error: ENOENT: no such file or directory, open '${path}'`],
    ['Node, of two paths', `Error: EROFS: read-only file system, rename '${path}' -> '/b'`],
    ['Go', `open ${path}: no such file or directory`],
    ['Ruby', `a.rb:1:in 'read': No such file or directory @ rb_sysopen - ${path} (Errno::ENOENT)`],
    ['Java', `java.io.FileNotFoundException: ${path} (No such file or directory)`],
    ['Java’s newer files', `Exception in thread "main" java.nio.file.NoSuchFileException: ${path}`],
    ['Perl', `Can't open "${path}": Permission denied at a.pl line 1.`],
  ])('is understood of %s', (_who, line) => expect(complaintIn(line)).toMatchObject({ about: 'file', path }));

  it.each<[string, string[]]>([
    [process.execPath, ['-e', `require('fs').readFileSync('${nowhere}')`]],
    ['/bin/sh', ['-c', `cat ${nowhere}`]],
    ['python3', ['-c', `open('${nowhere}')`]],
    ['perl', ['-e', `open(my $f, '<', '${nowhere}') or die "Can't open '${nowhere}': $!"`]],
  ])('is understood as %s really says it', (program, args) => {
    const { error, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    // Not every machine has every language.
    if (error) return expect(error).toMatchObject({ code: 'ENOENT' });
    const complaints = stderr.split('\n').map(complaintIn);
    expect(complaints).toContainEqual({ about: 'file', path: nowhere, isOfWriting: false });
  });

  it.each([
    [`touch: cannot touch '${path}': Read-only file system`, true],
    [`Error: EPERM: operation not permitted, unlink '${path}'`, true],
    [`rm: cannot remove '${path}': Device or resource busy`, true],
    [`cat: ${path}: Permission denied`, false],
  ])('is one about writing: %s %s', (line, isOfWriting) => expect(complaintIn(line)).toMatchObject({ isOfWriting }));
});

it.each([
  ['dial unix /var/run/docker.sock: socket: operation not permitted', '/var/run/docker.sock'],
  ['Error: connect EPERM /run/user/1000/bus', '/run/user/1000/bus'],
])('a complaint about a socket: %s', (line, socket) =>
  expect(complaintIn(line)).toEqual({ about: 'socket', path: socket }),
);

describe('a complaint about a host', () => {
  it.each([
    ['curl: (6) Could not resolve host: example.org', 'example.org'],
    ['ssh: Could not resolve hostname example.org: Temporary failure in name resolution', 'example.org'],
    ["E: Temporary failure resolving 'deb.debian.org'", 'deb.debian.org'],
    ['wget: unable to resolve host address ‘example.org’', 'example.org'],
    ['Error: getaddrinfo EAI_AGAIN example.org', 'example.org'],
    ['Get "https://example.org": dial tcp: lookup example.org on 1.1.1.1:53: no such host', 'example.org'],
    ['ping: example.org: Temporary failure in name resolution', 'example.org'],
    ['socket.gaierror: [Errno -2] Name or service not known', null],
    ['connect ENETUNREACH 93.184.216.34:443 - Local (0.0.0.0:0)', '93.184.216.34:443'],
    ['Error: send ENETUNREACH 192.0.2.53:53', '192.0.2.53:53'],
    [';; UDP setup with 192.0.2.53#53(192.0.2.53) for a.org failed: network unreachable.', '192.0.2.53#53'],
    [';; communications error to 192.0.2.53#53: timed out', '192.0.2.53#53'],
    [';; connection timed out; no servers could be reached', null],
    ['OSError: [Errno 101] Network is unreachable', null],
    ["curl: (7) Failed to connect to 192.0.2.1 port 80 after 0 ms: Couldn't connect to server", '192.0.2.1'],
    ['ssh: connect to host 192.0.2.1 port 22: Network is unreachable', '192.0.2.1'],
  ])('%s', (line, host) => expect(complaintIn(line)).toEqual({ about: 'host', host }));

  it.each([
    ['Could not connect to Redis at 127.0.0.1:6379: Connection refused', '127.0.0.1', 6379],
    ["curl: (7) Failed to connect to localhost port 5432 after 0 ms: Couldn't connect to server", 'localhost', 5432],
    ['connection to server at "127.0.0.1", port 5432 failed: Connection refused', '127.0.0.1', 5432],
    ['Error: connect ECONNREFUSED ::1:8080', '::1', 8080],
    [';; communications error to 127.0.0.1#53: connection refused', '127.0.0.1', 53],
  ])('of this machine: %s', (line, host, port) => expect(complaintIn(line)).toEqual({ about: 'port', host, port }));
});

describe('a complaint about a process', () => {
  it.each([
    ['bash: line 1: kill: (4711) - No such process'],
    ['kill: sending signal to 4711 failed: No such process'],
    ["kill: can't kill pid 4711: No such process"],
    ['zsh:kill: kill 4711 failed: no such process'],
    ['strace: attach: ptrace(PTRACE_SEIZE, 4711): No such process'],
  ])('%s', (line) => expect(complaintIn(line)).toEqual({ about: 'process', pid: 4711 }));
});

it.each([['All 12 tests passed'], ['http://localhost:3000 is up'], ['npm error Could not resolve dependency: a@1']])(
  'what complains of nothing: %s',
  (line) => expect(complaintIn(line)).toBeNull(),
);

it.skipIf(process.platform !== 'linux')('a port is known to be listened on, until it is not', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  expect(isListening(port)).toBe(true);
  server.close();
  await once(server, 'close');
  expect(isListening(port)).toBe(false);
});
