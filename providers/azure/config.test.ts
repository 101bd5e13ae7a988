import { describe, expect, it } from 'vitest';
import { azureConfig } from './config.ts';

const ID = '11111111-2222-3333-4444-555555555555';
const problems = (config: object) =>
  azureConfig.safeParse(config).error?.issues.map((issue) => issue.path.join('.')) ?? [];

describe('azureConfig', () => {
  it('takes each way to sign in', () => {
    const base = { subscriptions: [ID.toUpperCase()] };
    const file = { tenant: ID, clientId: ID };
    expect(problems(base)).toEqual([]);
    expect(problems({ ...base, credential: 'managed-identity' })).toEqual([]);
    expect(problems({ ...base, ...file, clientSecretFile: '/run/secrets/azure' })).toEqual([]);
    expect(problems({ ...base, ...file, certificateFile: '/run/secrets/azure.pem' })).toEqual([]);
    expect(problems({ ...base, endpoint: 'http://127.0.0.1:1', token: 't' })).toEqual([]);
    expect(problems({ mock: {} })).toEqual([]);
    expect(azureConfig.parse(base).subscriptions).toEqual([ID]);
  });

  it.each([
    ['no subscription', {}, ['subscriptions']],
    ['a subscription that is no UUID', { subscriptions: ['prod'] }, ['subscriptions.0']],
    ['a token without an endpoint', { subscriptions: [ID], token: 't' }, ['token']],
    ['plain http elsewhere than loopback', { subscriptions: [ID], endpoint: 'http://arm.example' }, ['endpoint']],
    ['a secret without whose it is', { subscriptions: [ID], clientSecretFile: 'f' }, ['tenant', 'clientId']],
    [
      'two ways to sign in',
      { subscriptions: [ID], tenant: ID, clientId: ID, clientSecretFile: 'f', credential: 'azure-cli' },
      ['credential'],
    ],
    ['an unknown key', { subscriptions: [ID], secret: 'x' }, ['']],
  ])('fault 90: refuses %s, naming the key', (_, config, keys) => {
    expect(problems(config)).toEqual(keys);
  });

  it.each([
    [{ mock: {}, endpoint: 'https://arm.example' }, ['endpoint']],
    [{ mock: {}, credential: 'azure-cli', clientId: ID }, ['credential', 'clientId']],
    [{ mock: {}, authority: 'https://login.example', token: 't' }, ['token', 'authority']],
    [{ mock: {}, tenant: ID, clientSecretFile: 'f', certificateFile: 'g' }, ['clientSecretFile', 'certificateFile']],
    [{ subscriptions: [ID], credential: 'azure-cli', clientId: ID }, ['clientId']],
    [{ subscriptions: [ID], credential: 'azure-cli', authority: 'https://login.example' }, ['authority']],
    [{ subscriptions: [ID], credential: 'managed-identity', authority: 'https://login.example' }, ['authority']],
    [{ subscriptions: [ID], endpoint: 'https://arm.example', token: 't', clientId: ID }, ['clientId']],
  ])('fault 110: refuses keys that nothing reads in %j', (config, keys) => {
    expect(problems(config)).toEqual(keys);
  });

  it('takes for a mock what chooses its subscriptions', () => {
    expect(problems({ mock: {}, subscriptions: [ID], tenant: ID })).toEqual([]);
    expect(problems({ mock: {}, discover: {} })).toEqual([]);
  });

  it('fault 90: never repeats a value', () => {
    const error = azureConfig.safeParse({ subscriptions: ['hunter2'], token: 'hunter2' }).error;
    expect(JSON.stringify(error?.issues)).not.toContain('hunter2');
  });
});
