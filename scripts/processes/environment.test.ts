import { expect, test } from 'vitest';
import { withoutCredentials } from './environment.ts';

test('keeps what the web process needs to run', () => {
  const needed = {
    PATH: '/usr/bin',
    HOME: '/home/muster',
    TZ: 'UTC',
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    PORT: '3000',
    HOST: '127.0.0.1',
    MUSTER_DATA: '.muster',
    NODE_ENV: 'production',
    NODE_EXTRA_CA_CERTS: '/etc/ca.pem',
    LOG_LEVEL: 'info',
  };
  expect(withoutCredentials(needed)).toEqual(needed);
});

test.each([
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AZURE_CLIENT_SECRET',
  'AZURE_FEDERATED_TOKEN_FILE',
  'IDENTITY_ENDPOINT',
  'MSI_SECRET',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'CLOUDSDK_CONFIG',
  'KUBECONFIG',
  'OS_PASSWORD',
  'DOCKER_HOST',
  'NODE_OPTIONS',
  'SSH_AUTH_SOCK',
  'SOME_TOKEN_OF_TOMORROW',
])('keeps %s from the web process', (name) => {
  expect(withoutCredentials({ [name]: 'canary' })).toEqual({});
});
