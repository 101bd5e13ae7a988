import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { policyOf, RULES } from './policy.ts';

const read = (name: string): string => readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');

describe('policy of OpenStack', () => {
  it('is what permissions.yaml says', () => {
    expect(policyOf(Object.values(RULES))).toEqual({ format: 'yaml', text: read('permissions.yaml') });
  });

  it('names the rules that are missing only', () => {
    expect(Object.keys(parse(policyOf([RULES.hypervisors, 'something:else']).text))).toEqual([RULES.hypervisors]);
    expect(policyOf([RULES.servers]).text).toContain('openstack role add --user <user> --project <project> reader');
    expect(policyOf([]).text).toBe('');
  });

  it('lets an application credential make the calls of the listings and no other', () => {
    const rules: { service: string; method: string; path: string }[] = JSON.parse(
      read('permissions-access-rules.json'),
    );
    expect(rules.every(({ service, method }) => service === 'compute' && method === 'GET')).toBe(true);
    for (const { path } of rules.filter((rule) => !rule.path.includes('flavors')))
      expect(read('permissions.yaml')).toContain(path);
  });
});
