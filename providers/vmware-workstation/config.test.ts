import { describe, expect, it } from 'vitest';
import { workstationConfig } from './config.ts';

const vmrest = { user: 'muster', passwordFile: '/run/secrets/vmrest' };

describe('keys of a source', () => {
  it.each([
    [{ vmrest }],
    [{ vmrest: { ...vmrest, url: 'https://desk-7.example.org:8697/api', ca: '/etc/muster/desk-7.pem' } }],
    [{ vmrest, host: 'desk-7', vmrun: '/usr/bin/vmrun' }],
    [{ vmrun: '/usr/bin/vmrun' }],
    [{ vmrun: '/usr/bin/vmrun', inventory: '/home/dev/.vmware/inventory.vmls' }],
    [{ inventory: '/home/dev/.vmware/inventory.vmls' }],
    [{ mock: {} }],
    [{ mock: {}, host: 'dev-01.meridian.example' }],
  ])('%j', (config) => expect(workstationConfig.safeParse(config).error).toBeUndefined());

  it('has the address that vmrest has by default', () =>
    expect(workstationConfig.parse({ vmrest }).vmrest?.url).toBe('http://127.0.0.1:8697/api'));

  it.each([
    [{}, 'vmrest'],
    [{ vmrest: { ...vmrest, url: 'http://desk-7.example.org:8697/api' } }, 'vmrest.url'],
    [{ vmrest: { ...vmrest, url: 'https://u:p@desk-7.example.org/api' } }, 'vmrest.url'],
    [{ vmrest: { ...vmrest, passwordFile: 'password' } }, 'vmrest.passwordFile'],
    [{ vmrest: { user: 'muster', password: 'x' } }, 'vmrest.passwordFile'],
    [{ vmrest, host: 'desk 7' }, 'host'],
    [{ vmrun: 'vmrun' }, 'vmrun'],
  ])('refuses %j at %s', (config, where) =>
    expect(workstationConfig.safeParse(config).error?.issues.map(({ path }) => path.join('.'))).toContain(where),
  );

  it.each([
    [{ vmrest: { ...vmrest, ca: '/etc/muster/ca.pem' } }, ['vmrest.ca']],
    [{ vmrest, inventory: '/home/dev/.vmware/inventory.vmls' }, ['inventory']],
    [{ vmrun: '/usr/bin/vmrun', host: 'desk-7' }, ['host']],
    [{ mock: {}, vmrest }, ['vmrest']],
    [{ mock: {}, vmrun: '/usr/bin/vmrun', inventory: '/home/dev/i.vmls' }, ['vmrun', 'inventory']],
    [{ vmrest, ssh: { keyFile: '/k' } }, ['']],
  ])('fault 110: refuses keys that nothing reads in %j', (config, keys) =>
    expect(workstationConfig.safeParse(config).error?.issues.map(({ path }) => path.join('.'))).toEqual(keys),
  );
});
