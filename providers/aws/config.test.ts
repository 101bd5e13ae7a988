import { describe, expect, it } from 'vitest';
import { awsConfig } from './config.ts';

const problems = (config: unknown): string[] =>
  awsConfig.safeParse(config).error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];

describe('the configuration of an AWS source', () => {
  it('needs nothing: the default credential chain, all enabled regions of its own account', () => {
    expect(awsConfig.parse({})).toEqual({ accounts: [], region: 'us-east-1', timeout: 20 });
  });

  it('takes accounts with roles and external ids', () => {
    const accounts = [
      { id: '123456789012', roleArn: 'arn:aws:iam::123456789012:role/MusterReadOnly', externalId: 'x-1' },
    ];
    expect(awsConfig.parse({ accounts, regions: ['eu-west-1'], profile: 'hub' }).accounts).toEqual(accounts);
  });

  it.each([
    [{ accounts: [{ id: 123456789012 }] }, 'accounts.0.id'],
    [{ accounts: [{ id: '1234' }] }, 'accounts.0.id: expected an account id of 12 digits'],
    [{ accounts: [{ id: '123456789012', roleArn: 'MusterReadOnly' }] }, 'accounts.0.roleArn: expected arn:aws:iam::'],
    [
      { accounts: [{ id: '123456789012', roleArn: 'arn:aws:iam::999999999999:role/R' }] },
      'accounts.0.roleArn: expected a role of the account',
    ],
    [{ accounts: [{ id: '123456789012', externalId: 'x-1' }] }, 'accounts.0.externalId: expected only together'],
    [{ accounts: [{ id: '123456789012' }, { id: '123456789012' }] }, 'accounts: expected each account once'],
    [{ regions: ['everywhere'] }, 'regions.0: expected the name of a region'],
    [{ endpoint: 'http://ec2.example.com' }, 'endpoint: expected an https:// address'],
    [{ accessKeyId: 'AKIA' }, ': Unrecognized key'],
  ])('fault 90: %j is refused with the key and what was expected', (config, problem) => {
    expect(problems(config).join('\n')).toContain(problem);
  });

  it.each([
    [{ mock: {}, profile: 'hub' }, 'profile: expected no profile: mock does not read it'],
    [{ mock: {}, endpoint: 'https://ec2.example.com' }, 'endpoint: expected no endpoint: mock does not read it'],
  ])('fault 110: refuses keys that nothing reads in %j', (config, problem) => {
    expect(problems(config)).toEqual([expect.stringContaining(problem)]);
  });
});
