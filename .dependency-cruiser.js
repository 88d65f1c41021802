// Who may import whom: docs/architecture.md, "Where things live". One rule per sentence of it.

const TESTS = String.raw`\.(spec|int-spec|e2e-spec|full-spec)\.ts$|/testing/`;
const npm = (...names) => `(^|/)node_modules/(${names.join('|')})(/|$)`;

/** A technology and the only files that may touch it. */
const owned = (name, packages, owners, to = {}) => ({
  name: `${name}-has-one-owner`,
  severity: 'error',
  comment: `Only ${owners.join(', ')} may import ${name}: one owner per technology.`,
  from: { path: '^(apps|libs)/', pathNot: [...owners, TESTS, '^libs/testing/'] },
  to: { path: npm(...packages), ...to },
});

/** A place and everything outside itself that it may import. */
const mayImportOnly = (name, place, allowed, comment) => ({
  name: `${name}-imports-only`,
  severity: 'error',
  comment,
  from: { path: place, pathNot: TESTS },
  // What leads nowhere is another rule's.
  to: { pathNot: [place, ...allowed], couldNotResolve: false },
});

const NODE = '^(node:)?[a-z0-9_/]+$';
const ANY_PACKAGE = '(^|/)node_modules/';

export default {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'Two files that need each other are one, or lack a third.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'everything-is-found',
      severity: 'error',
      comment: 'The import leads nowhere.',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'only-declared-packages',
      severity: 'error',
      comment: 'Declare the package in package.json; what another package brings along may go any day.',
      from: { path: '^(apps|libs)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'tests-are-not-the-product',
      severity: 'error',
      comment: 'Code that ships imports neither tests nor @pizzapi/testing.',
      from: { path: '^(apps|libs)/', pathNot: [TESTS, '^libs/testing/'] },
      to: { path: [TESTS, '^libs/testing/'] },
    },

    // Libraries
    mayImportOnly(
      'protocol',
      '^libs/protocol/',
      [npm('typebox')],
      'The catalogs know no framework and do no I/O: TypeBox only.',
    ),
    mayImportOnly('api-client', '^libs/api-client/', [], 'The generated client stands alone.'),
    mayImportOnly(
      'agent',
      '^libs/agent/',
      ['^libs/(protocol|sandbox|plugins|mcp)/', ANY_PACKAGE, NODE],
      'libs/agent knows pi, the protocol, the sandbox, plugins and MCP, no app.',
    ),
    mayImportOnly(
      'sandbox',
      '^libs/sandbox/',
      ['^libs/protocol/', npm('typebox', '@anthropic-ai/sandbox-runtime'), NODE],
      'The sandbox knows no pi and no framework; of the protocol it has the shape of its settings.',
    ),
    mayImportOnly(
      'sandbox-helper',
      '^libs/sandbox/src/helper/',
      ['^libs/sandbox/src/link/', NODE],
      'What runs inside the sandbox needs nothing but Node, so that little has to be seen from there.',
    ),
    mayImportOnly(
      'plugins',
      '^libs/plugins/',
      [NODE],
      'The plugin adapter reads files; it knows neither pi nor a framework.',
    ),
    mayImportOnly(
      'mcp',
      '^libs/mcp/',
      [npm('typebox', '@modelcontextprotocol/client'), NODE],
      'The client of MCP servers knows neither pi nor a sandbox nor a protocol of ours.',
    ),
    mayImportOnly(
      'tunnel',
      '^libs/tunnel/',
      [npm('ws'), NODE],
      'The tunnel is HTTP/2 over a WebSocket: it knows no framework, no protocol of ours and no app.',
    ),
    mayImportOnly('service-sdk', '^libs/service-sdk/', [NODE], "Users' services import it: it stands alone."),
    mayImportOnly(
      'testing',
      '^libs/testing/',
      ['^libs/protocol/', ANY_PACKAGE, NODE],
      'Fixtures start the built apps and import none.',
    ),
    {
      name: 'libraries-know-no-nest',
      severity: 'error',
      comment: 'A library serves every process, also those without Nest.',
      from: { path: '^libs/' },
      to: { path: npm('@nestjs') },
    },

    // Relay
    mayImportOnly(
      'relay',
      '^apps/relay/',
      ['^libs/(protocol|tunnel)/', ANY_PACKAGE, NODE],
      'The relay knows the protocol and the tunnel, not the runner, the console or pi.',
    ),
    mayImportOnly(
      'relay-config',
      '^apps/relay/src/config/',
      ['^libs/protocol/', ANY_PACKAGE, NODE],
      'Config knows the protocol only.',
    ),
    mayImportOnly(
      'platform',
      '^apps/relay/src/platform/',
      ['^apps/relay/src/config/', '^libs/protocol/', ANY_PACKAGE, NODE],
      'The platform knows no feature.',
    ),
    {
      name: 'modules-meet-by-index',
      severity: 'error',
      comment: 'A module meets another through its index.ts or an event, never through its insides.',
      from: { path: '^apps/relay/src/modules/([^/]+)/' },
      to: {
        path: '^apps/relay/src/modules/[^/]+/',
        pathNot: ['^apps/relay/src/modules/$1/', '^apps/relay/src/modules/[^/]+/index\\.ts$'],
      },
    },
    {
      name: 'app-meets-modules-by-index',
      severity: 'error',
      comment: 'The app wires modules through their index.ts; their entities it only registers with the database.',
      from: { path: '^apps/relay/src/[^/]+\\.ts$', pathNot: TESTS },
      to: {
        path: '^apps/relay/src/modules/',
        pathNot: ['^apps/relay/src/modules/[^/]+/index\\.ts$', '\\.entity\\.ts$'],
      },
    },

    // Runner
    mayImportOnly(
      'runner',
      '^apps/runner/',
      ['^libs/(protocol|agent|mcp|plugins|sandbox|tunnel|service-sdk)/', ANY_PACKAGE, NODE],
      "The runner knows the protocol, libs/agent, the sandbox, the tunnel and the services' SDK, not the relay or the console.",
    ),
    {
      name: 'a-process-knows-no-other',
      severity: 'error',
      comment:
        'Supervisor, daemon, worker and service are processes: they share files of their own folders, not each other.',
      from: { path: '^apps/runner/src/(supervisor|daemon|worker|service)/', pathNot: TESTS },
      to: { path: '^apps/runner/src/(supervisor|daemon|worker|service)/', pathNot: '^apps/runner/src/$1/' },
    },
    {
      name: 'supervisor-knows-no-agent',
      severity: 'error',
      comment: 'The supervisor is small and has no reason to crash: no pi, no relay link, no Nest.',
      from: { path: '^apps/runner/src/supervisor/' },
      to: { path: ['^libs/agent/', '^apps/runner/src/relay-link/', npm('@nestjs')] },
    },
    {
      name: 'worker-knows-no-nest',
      severity: 'error',
      comment: 'There is one worker per session: it carries no framework.',
      from: { path: '^apps/runner/src/worker/' },
      to: { path: npm('@nestjs'), reachable: true },
    },
    {
      name: 'service-knows-no-framework',
      severity: 'error',
      comment: "There is one process per service, and the code in it is a user's: it carries neither Nest nor pi.",
      from: { path: '^apps/runner/src/service/' },
      to: { path: npm('@nestjs', '@earendil-works'), reachable: true },
    },

    // Console
    {
      name: 'console-imports-types-of-protocol',
      severity: 'error',
      comment: "The console imports the protocol's types only, so that no schema reaches the browser.",
      from: { path: '^apps/web/' },
      to: { path: '^libs/protocol/', dependencyTypesNot: ['type-only'] },
    },
    mayImportOnly(
      'console',
      '^apps/web/',
      ['^libs/(protocol|api-client)/', ANY_PACKAGE],
      'The console knows protocol (types) and api-client.',
    ),

    // One owner per technology
    owned(
      'socket.io',
      ['socket\\.io', '@nestjs/websockets', '@nestjs/platform-socket\\.io', '@socket\\.io'],
      ['\\.gateway\\.ts$', '^apps/relay/src/platform/sockets/'],
      // A feature's class may be handed a socket by its gateway: a type runs nothing.
      { dependencyTypesNot: ['type-only'] },
    ),
    owned('bullmq', ['bullmq', '@nestjs/bullmq'], ['\\.processor\\.ts$', '^apps/relay/src/platform/queues/']),
    owned(
      'typeorm',
      ['typeorm', '@nestjs/typeorm'],
      ['\\.repository\\.ts$', '\\.entity\\.ts$', '^apps/relay/src/migrations/', '^apps/relay/src/platform/database/'],
    ),
    owned('ioredis', ['ioredis'], ['^apps/relay/src/platform/']),
    owned('sandbox-runtime', ['@anthropic-ai/sandbox-runtime'], ['^libs/sandbox/src/launch/']),
    owned('pi', ['@earendil-works'], ['^libs/agent/']),
    owned('mcp', ['@modelcontextprotocol'], ['^libs/mcp/']),
    owned('typebox', ['typebox'], ['^libs/(protocol|agent|mcp|sandbox)/', '^apps/(relay|runner)/src/']),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^libs/api-client/src/generated/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
    skipAnalysisNotInRules: true,
  },
};
