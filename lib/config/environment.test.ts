import { expect, test } from 'vitest';
import { ConfigError, EXIT_CONFIG, readEnvironment } from './environment.ts';

const refused = (variables: Record<string, string>): ConfigError => {
  try {
    readEnvironment(variables);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('was not refused');
};

test('without a variable: loopback, port 3000, the folder .muster', () => {
  expect(readEnvironment({ PATH: '/usr/bin', AWS_PROFILE: 'x' })).toEqual({
    PORT: 3000,
    HOST: '127.0.0.1',
    MUSTER_HOSTS: [],
    MUSTER_DATA: '.muster',
    LOG_LEVEL: 'info',
  });
});

test('reads what is set; an empty variable is an unset one', () => {
  expect(
    readEnvironment({
      PORT: '0',
      HOST: '::1',
      MUSTER_HOSTS: 'muster.example.com, fleet',
      MUSTER_DATA: '',
      MUSTER_CONFIG: '/etc/muster.yaml',
      LOG_LEVEL: 'debug',
    }),
  ).toEqual({
    PORT: 0,
    HOST: '::1',
    MUSTER_HOSTS: ['muster.example.com', 'fleet'],
    MUSTER_DATA: '.muster',
    MUSTER_CONFIG: '/etc/muster.yaml',
    LOG_LEVEL: 'debug',
  });
});

test.each([
  ['PORT', '70000', 'a number from 0 to 65535'],
  ['PORT', '80a', 'a number from 0 to 65535'],
  ['PORT', '-1', 'a number from 0 to 65535'],
  ['HOST', 'http://canary', 'a host name or address without a port'],
  ['HOST', 'canary:80', 'a host name or address without a port'],
  ['MUSTER_HOSTS', 'a,,canary/', 'host names without ports, separated by commas'],
  ['LOG_LEVEL', 'canary', 'one of error, warn, info, debug, silent'],
  ['MUSTER_CONFG', 'canary', 'no such variable (see .env.example)'],
  ['NODE_TLS_REJECT_UNAUTHORIZED', '0', 'it to be unset: name the authority with NODE_EXTRA_CA_CERTS instead'],
])('fault 90: refuses %s=%s with key and expectation, not with the value', (key, value, expected) => {
  const error = refused({ [key]: value });
  expect(error.problems).toEqual([{ key, expected }]);
  expect(error.lines()).toEqual([`environment: ${key}: expected ${expected}`]);
  expect(JSON.stringify([error.message, error.lines()])).not.toContain('canary');
  expect(error.exitCode).toBe(EXIT_CONFIG);
});

test('fault 90: names every problem of the environment at once', () => {
  const error = refused({ PORT: 'x', LOG_LEVEL: 'y', MUSTER_X: 'z' });
  expect(error.problems.map((problem) => problem.key).sort()).toEqual(['LOG_LEVEL', 'MUSTER_X', 'PORT']);
});

test('variables that Kubernetes adds for a service called muster are no mistake', () => {
  const service = { MUSTER_SERVICE_HOST: '10.0.0.1', MUSTER_SERVICE_PORT: '80', MUSTER_PORT: 'tcp://10.0.0.1:80' };
  expect(() =>
    readEnvironment({ ...service, MUSTER_PORT_80_TCP_ADDR: '10.0.0.1', MUSTER_WEB_SERVICE_HOST: 'x' }),
  ).not.toThrow();
});
