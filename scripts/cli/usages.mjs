export const START = `
Usage: npm start

Sets up what is missing (dependencies, a build, a Redis server), starts a relay and a runner on this machine, and prints
the console's address last. Ctrl+C stops both; what they keep stays in PIZZAPI_HOME.

Settings come from the environment. The first ones to know, all others in docs/configuration.md:
  PIZZAPI_PORT             the console's port (default 7492)
  PIZZAPI_HOME             where everything is kept (default ~/.pizzapi)
  PIZZAPI_WORKSPACE_ROOTS  folders that sessions may work in, separated by ":" (default your home directory)
`;

export const RELAY = `
Usage: npm run relay

Starts one relay with its console from the build ("npm ci && npm run build" makes that). Ctrl+C stops it.

Settings come from the environment. The first ones to know, all others in docs/configuration.md:
  PIZZAPI_PORT        its port (default 7492)
  PIZZAPI_HOST        the address it listens on (default 127.0.0.1: this machine alone)
  PIZZAPI_PUBLIC_URL  the address that people type
  PIZZAPI_HOME        where everything is kept (default ~/.pizzapi)
  DATABASE_URL        sqlite:… or postgres://… (default an SQLite file of its own)
  REDIS_URL           a Redis of yours (default one of its own)
`;

export const BUILD = `
Usage: npm run build [relay] [runner] [web]

Builds what has changed, of the parts that are named or of all. A machine that is only to be a runner needs "runner".
`;

export const TEST = `
Usage: npm test [-- SUITE…]

Sets up what is missing, builds, and runs the suites that are named, or all: unit, web, integration, e2e.
"npm run test:full" adds the long ones (full), which take about an hour.
`;

export const CHECK = `
Usage: npm run check [-- CHECK…]

What can be known of the code without running it: lint, types, boundaries and more, or the checks that are named. A name
of several words is put in quotes: npm run check -- "types of the console".
`;

export const GENERATE = `
Usage: npm run generate

Builds the relay where that has changed, then writes docs/openapi.json from its controllers and the client in
libs/api-client from that.
`;

export const CHAOS = `
Usage: npm run chaos [-- SEED]

Kills and cuts at random for about half an hour, and counts what arrives. A seed, as a failed run prints it, repeats the
faults of that run.
`;

export const BENCH = `
Usage: npm run bench [-- BENCHMARK…] [--markdown]

Builds, then measures the product on this machine: what is named, or all, which takes a quarter of an hour. What there
is, and which bars it has to meet: docs/benchmarks.md. --markdown prints the tables as they stand there.
`;
