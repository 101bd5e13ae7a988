import { describe, expect, it } from 'vitest';
import { gcpConfig } from './config.ts';

const problems = (config: object) =>
  gcpConfig.safeParse(config).error?.issues.map((issue) => issue.path.join('.')) ?? [];

describe('gcpConfig', () => {
  it('takes projects by id, domain-scoped ones too, with each kind of credential', () => {
    const base = { projects: ['shop-prod-1', 'example.com:old-project'] };
    expect(problems(base)).toEqual([]);
    expect(problems({ ...base, credentialsFile: '/run/secrets/gcp.json' })).toEqual([]);
    expect(problems({ ...base, endpoint: 'https://compute.example', token: 't' })).toEqual([]);
    expect(problems({ mock: {} })).toEqual([]);
  });

  it.each([
    ['no project', {}, ['projects']],
    ['a project’s number', { projects: ['123456789012'] }, ['projects.0']],
    ['a static token for Google itself', { projects: ['shop-prod-1'], token: 't' }, ['token']],
    [
      'token and file',
      { projects: ['shop-prod-1'], endpoint: 'https://x.example', token: 't', credentialsFile: 'f' },
      ['token'],
    ],
    ['plain http elsewhere than loopback', { projects: ['shop-prod-1'], endpoint: 'http://10.0.0.1' }, ['endpoint']],
    ['an unknown key', { projects: ['shop-prod-1'], secret: 'x' }, ['']],
  ])('fault 90: refuses %s, naming the key', (_, config, keys) => {
    expect(problems(config)).toEqual(keys);
  });

  it.each([
    [{ mock: {}, endpoint: 'https://compute.example' }, ['endpoint']],
    [{ mock: {}, credentialsFile: '/run/secrets/gcp.json' }, ['credentialsFile']],
    [{ mock: {}, token: 't' }, ['token']],
  ])('fault 110: refuses keys that nothing reads in %j', (config, keys) => {
    expect(problems(config)).toEqual(keys);
  });
});
