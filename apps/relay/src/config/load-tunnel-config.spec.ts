import { describe, expect, it } from 'vitest';
import { InvalidConfigError } from './invalid-config.error.js';
import { loadConfig } from './load-config.js';

const CONSOLE = 'https://pizzapi.example.com';

describe('PIZZAPI_TUNNEL_DOMAIN', () => {
  it.each([
    [{}, 'localhost:7492'],
    [{ PIZZAPI_PORT: '8000' }, 'localhost:8000'],
    [{ PIZZAPI_PUBLIC_URL: 'http://127.0.0.1:9000' }, 'localhost:9000'],
    [{ PIZZAPI_PUBLIC_URL: 'http://[::1]:9000' }, 'localhost:9000'],
    [{ PIZZAPI_PUBLIC_URL: 'http://pizza.localhost' }, 'localhost'],
    [{ PIZZAPI_PUBLIC_URL: CONSOLE }, null],
    [{ PIZZAPI_PUBLIC_URL: 'http://192.168.1.5:7492' }, null],
    [{ PIZZAPI_TUNNEL_DOMAIN: 'off' }, null],
    [{ PIZZAPI_PUBLIC_URL: CONSOLE, PIZZAPI_TUNNEL_DOMAIN: 'Pizza-Tunnels.net' }, 'pizza-tunnels.net'],
    [{ PIZZAPI_PUBLIC_URL: CONSOLE, PIZZAPI_TUNNEL_DOMAIN: 'pizza-tunnels.net:8443' }, 'pizza-tunnels.net:8443'],
    // One that stands on the public suffix list, and another customer's name below the same suffix.
    [{ PIZZAPI_PUBLIC_URL: 'https://ada.github.io', PIZZAPI_TUNNEL_DOMAIN: 'bob.github.io' }, 'bob.github.io'],
    [{ PIZZAPI_TUNNEL_DOMAIN: 'tunnels.localhost:7492' }, 'tunnels.localhost:7492'],
  ])('of %j is %s', (env, tunnelDomain) => {
    expect(loadConfig(env)).toMatchObject({ tunnelDomain });
  });

  it.each([
    [CONSOLE, 'tunnels.example.com', 'of the same site as the console at pizzapi.example.com'],
    [CONSOLE, 'example.com', 'of the same site'],
    [CONSOLE, 'pizzapi.example.com', 'of the same site'],
    [CONSOLE, 't.pizzapi.example.com', 'of the same site'],
    ['https://ada.github.io', 'github.io', 'of the same site'],
    ['https://a.example.co.uk', 'b.example.co.uk', 'of the same site'],
    [CONSOLE, '10.0.0.1', 'is not a host name'],
    [CONSOLE, '*.tunnels.net', 'is not a host name'],
    [CONSOLE, 'https://tunnels.net', 'is not a host name'],
    [CONSOLE, 'tunnels.net:99999', 'is not a host name'],
  ])('beside the console at %s refuses %s', (PIZZAPI_PUBLIC_URL, PIZZAPI_TUNNEL_DOMAIN, problem) => {
    const refusal = (): unknown => loadConfig({ PIZZAPI_PUBLIC_URL, PIZZAPI_TUNNEL_DOMAIN });
    expect(refusal).toThrow(InvalidConfigError);
    expect(refusal).toThrow(problem);
  });
});

describe('services get', () => {
  it.each([
    [{}, 'all'],
    [{ PIZZAPI_PUBLIC_URL: CONSOLE }, 'all'],
    [{ PIZZAPI_PUBLIC_URL: CONSOLE, PIZZAPI_TUNNEL_DOMAIN: 'github.io' }, 'all'],
    [{ PIZZAPI_PUBLIC_URL: CONSOLE, PIZZAPI_TUNNEL_DOMAIN: 'pizza-tunnels.net:8443' }, 'own'],
    [{ PIZZAPI_PUBLIC_URL: CONSOLE, PIZZAPI_TUNNEL_DOMAIN: 'ada.github.io' }, 'own'],
    [{ PIZZAPI_TUNNEL_DOMAIN: 'tunnels.localhost' }, 'own'],
    [{ PIZZAPI_TUNNEL_DOMAIN: 'tunnels.localhost', PIZZAPI_TUNNEL_COOKIES: 'all' }, 'all'],
  ])('with %j %s cookies', (env, cookies) => {
    expect(loadConfig(env).onlyOwnTunnelCookies).toBe(cookies === 'own');
  });
});

it('limits tunnels generously unless told otherwise', () => {
  expect(loadConfig({})).toMatchObject({
    tunnelLimits: {
      streamsPerRunner: 4_096,
      streamsPerCaller: 2_048,
      bytesPerSecondPerRunner: null,
      bytesPerSecondPerCaller: null,
    },
    tunnelDrainMs: 3_000,
  });
  expect(loadConfig({ PIZZAPI_TUNNEL_BYTES_PER_SECOND_PER_CALLER: '1000' }).tunnelLimits.bytesPerSecondPerCaller).toBe(
    1_000,
  );
  expect(loadConfig({ PIZZAPI_TUNNEL_STREAMS_PER_RUNNER: '65536' }).tunnelLimits.streamsPerRunner).toBe(65_536);
  expect(() => loadConfig({ PIZZAPI_TUNNEL_STREAMS_PER_RUNNER: '65537' })).toThrow(
    'PIZZAPI_TUNNEL_STREAMS_PER_RUNNER "65537" is not a whole number from 1 to 65536',
  );
});
