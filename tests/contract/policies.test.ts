import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { actionsOf, type PolicyDocument } from '#providers/kit/policy/policy-documents.ts';
import { registry } from '#providers/registry.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

interface Shipped {
  provider: string;
  file: string;
  text: string;
  actions: string[];
}
const shipped = globSync('providers/{aws,azure,gcp,kubernetes}/permissions*.{json,yaml}', { cwd: ROOT })
  .sort()
  .map((file): Shipped => {
    const text = readFileSync(path.join(ROOT, file), 'utf8');
    const [, provider = ''] = file.split(path.sep);
    return { provider, file, text, actions: actionsOf(read(text)) };
  });

// JSON is YAML.
function read(text: string): PolicyDocument {
  return parse(text);
}

const policyOf = (provider: string) => {
  const manifest = Object.values(registry).find(({ id }) => id === provider);
  if (manifest?.policy === undefined) throw new Error(`${provider} makes no policy`);
  return manifest.policy;
};

it('every provider of the registry makes a policy for what is missing', () => {
  for (const { id, policy } of Object.values(registry)) expect(policy, id).toBeTypeOf('function');
});

describe.each(shipped)('$file', ({ provider, text, actions }) => {
  const policy = policyOf(provider);

  it('is given word for word for all of its actions', () => {
    expect(actions.length).toBeGreaterThan(0);
    const format = text.startsWith('{') ? 'json' : 'yaml';
    expect(policy(actions)).toEqual({ format, text });
    expect(policy([...actions, ...actions].reverse()).text).toBe(text);
  });

  it('is given for any one of its actions without the others, in a form that can be read', () => {
    for (const action of actions) {
      const { text: part } = policy([action]);
      expect(actionsOf(read(part)), action).toEqual([action]);
    }
  });

  it('is cut for any pair of its actions to just these', () => {
    for (const action of actions)
      for (const other of actions) {
        const pair = [...new Set([action, other])].sort();
        expect(actionsOf(read(policy(pair).text)).sort()).toEqual(pair);
      }
  });
});

it('a part of a role has another name, so that it takes the place of nothing', () => {
  const roles = shipped.filter(({ actions, text }) => actions.length > 1 && !text.includes('"Statement"'));
  expect(roles.length).toBeGreaterThanOrEqual(3);
  for (const { provider, text, actions } of roles) {
    const name = /^\s*(?:"Name"|title|name): .*$/m;
    const whole = name.exec(text)?.[0];
    const part = name.exec(policyOf(provider)(actions.slice(0, 1)).text)?.[0];
    expect(whole).toBeDefined();
    expect(part, provider).toMatch(/[, -]+more"?,?$/);
  }
});

it('policies of several files stand one below the other, each with its name', () => {
  const { format, text } = policyOf('aws')(['ec2:DescribeInstances', 'sts:AssumeRole']);
  expect(format).toBe('text');
  const parts = text.split(/^# providers\/aws\/(permissions.*\.json)$/m).slice(1);
  expect(parts[0]).toBe('permissions-hub.json');
  expect(actionsOf(read(parts[1] ?? ''))).toEqual(['sts:AssumeRole']);
  expect(parts[2]).toBe('permissions.json');
  expect(actionsOf(read(parts[3] ?? ''))).toEqual(['ec2:DescribeInstances']);
});

it('names an action that no file knows', () => {
  const { format, text } = policyOf('gcp')(['compute.instances.list', 'compute.disks.list']);
  expect(format).toBe('text');
  expect(text).toContain('  - compute.instances.list\n');
  expect(text).toMatch(/^# In no policy of providers\/gcp: compute\.disks\.list$/m);
});
