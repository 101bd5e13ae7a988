import { expect, it } from 'vitest';
import { configSchema } from './config.ts';

const problems = (config: object) =>
  configSchema.safeParse(config).error?.issues.map((issue) => issue.path.join('.')) ?? [];
const eks = { accounts: [{ id: '123456789012' }] };

it.each([
  [{ kubeconfig: '/etc/muster/config', contexts: ['a'], endpoint: 'https://10.0.0.1', names: { a: 'prod' } }],
  [{ kubeconfig: '/etc/muster/config', allowCommands: ['/bin/x'], allowFiles: ['/etc/x'], insecureContexts: ['a'] }],
  [{ inCluster: true, endpoint: 'https://10.0.0.1', insecureContexts: ['in-cluster'] }],
  [{ mock: {}, contexts: ['a'] }],
  [{ eks }],
])('takes %j', (config) => expect(problems(config)).toEqual([]));

it.each([
  [{ mock: {}, endpoint: 'https://10.0.0.1' }, ['endpoint']],
  [{ mock: {}, names: { a: 'prod' }, insecureContexts: ['a'] }, ['names', 'insecureContexts']],
  [{ mock: {}, allowCommands: ['/bin/x'], allowFiles: ['/etc/x'] }, ['allowCommands', 'allowFiles']],
  [{ inCluster: true, contexts: ['a'] }, ['contexts']],
  [{ inCluster: true, names: { a: 'prod' } }, ['names']],
  [{ inCluster: true, allowFiles: ['/etc/x'], allowCommands: ['/bin/x'] }, ['allowCommands', 'allowFiles']],
  [{ eks, contexts: ['a'], endpoint: 'https://10.0.0.1' }, ['contexts', 'endpoint']],
  [{ eks, insecureContexts: ['a'] }, ['insecureContexts']],
  [{ eks, names: { a: 'prod' } }, ['names']],
])('fault 110: refuses keys that nothing reads in %j', (config, keys) => {
  expect(problems(config)).toEqual(keys);
});
