import { describe, expect, it } from 'vitest';
import { type KubeContext, parseKubeconfig } from './kubeconfig.ts';

const SECRET = 'hunter2-token';

const file = (user: string, extra = '') => `
apiVersion: v1
kind: Config
current-context: prod
clusters:
- name: c
  cluster: { server: "https://10.0.0.1:6443" }
users:
- name: u
  user: ${user}
contexts:
- name: prod
  context: { cluster: c, user: u }
- name: other
  context: { cluster: c, user: u, namespace: shop }
${extra}`;

const usable = (source: string): KubeContext[] => parseKubeconfig(source).filter((context) => 'cluster' in context);

describe('parseKubeconfig', () => {
  it('answers each context with its cluster and user', () => {
    const contexts = usable(file(`{ token: ${SECRET} }`));
    expect(contexts.map(({ name, current }) => [name, current])).toEqual([
      ['prod', true],
      ['other', false],
    ]);
    expect(contexts[0]?.cluster.cluster.server).toBe('https://10.0.0.1:6443');
    expect(contexts[0]?.user?.user?.token).toBe(SECRET);
  });

  it('takes a context without a user, an empty user and fields that it does not know', () => {
    const contexts = usable(
      'clusters: [{name: c, cluster: {server: "https://h", extensions: []}}]\nusers:\ncontexts: [{name: a, context: {cluster: c}}]\npreferences: {}',
    );
    expect(contexts[0]?.user).toBeNull();
    expect(usable(file(''))[0]?.user?.user).toBeUndefined();
  });

  it('fault 102: reads a null, which Go writes for an empty list, for what is not there', () => {
    const [, context] = usable(
      JSON.stringify({
        clusters: [
          {
            name: 'c',
            cluster: { server: 'https://h', 'certificate-authority-data': null, 'proxy-url': null, extensions: null },
          },
        ],
        users: [
          { name: 'u', user: { token: null, 'client-key-data': null, 'as-groups': null, exec: null } },
          { name: 'v', user: { exec: { apiVersion: null, command: 'login', args: null, env: null } } },
        ],
        contexts: [
          { name: 'a', context: { cluster: 'c', user: 'u', namespace: null } },
          { name: 'b', context: { cluster: 'c', user: 'v' } },
        ],
        'current-context': null,
      }),
    );
    expect(context?.cluster.cluster).toEqual({ server: 'https://h' });
    expect(context?.user?.user).toEqual({ exec: { command: 'login' } });
    expect(parseKubeconfig('clusters: null\ncontexts: null\ncurrent-context: ""\nusers: null')).toEqual([]);
  });

  it.each([
    ['context: { cluster: gone, user: u }', 'context other: its cluster is not in the file'],
    ['context: { cluster: c, user: gone }', 'context other: its user is not in the file'],
    ['context: { user: u }', 'context other: it names no cluster'],
    ['context: null', 'context other: it names no cluster'],
    ['context: { cluster: serverless }', 'context other: its cluster serverless has no server'],
    ['context: { cluster: empty }', 'context other: its cluster empty has no server'],
  ])('lets a context with %s fail alone, and says why', (context, problem) => {
    const source = file(`{ token: ${SECRET} }`)
      .replace('context: { cluster: c, user: u, namespace: shop }', context)
      .replace('users:', '- name: serverless\n  cluster: { server: null }\n- name: empty\n  cluster: null\nusers:');
    expect(parseKubeconfig(source)).toMatchObject([
      { name: 'prod', user: { name: 'u' } },
      { name: 'other', problem },
    ]);
  });

  const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 12; i++)
    bomb.push(
      `a${i}: &a${i} [${Array(9)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );

  it.each([
    ['an alias bomb', file(`{ token: ${SECRET} }`, bomb.join('\n'))],
    ['any alias', file(`&u { token: ${SECRET} }`, 'again: *u')],
    ['a key twice', file(`{ token: ${SECRET}, token: ${SECRET} }`)],
    ['10 MB', file(`{ token: ${SECRET} }`, `# ${'x'.repeat(10 * 1024 * 1024)}`)],
    ['lists 100,000 deep', file(`{ token: ${SECRET} }`, `x: ${'['.repeat(100_000)}`)],
    ['text that is no YAML', `${file(`{ token: ${SECRET} }`)}\n\t: ][ {`],
    ['a token that is an object', file(`{ token: { ${SECRET}: 1 } }`)],
    ['a list where an object must be', '- a\n- b'],
    ['nothing', ''],
    [
      'a cluster name twice',
      file(`{ token: ${SECRET} }`).replace('users:', '- name: c\n  cluster: { server: "https://10.0.0.2" }\nusers:'),
    ],
  ])('fault 48: refuses %s, quickly and without a word of the file', (_, source) => {
    const before = process.cpuUsage();
    const refused = (() => {
      try {
        return parseKubeconfig(source).length === 0 ? new Error('it has no contexts') : null;
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toBeInstanceOf(Error);
    expect(String(refused)).not.toContain(SECRET);
    // CPU time: a machine with other work must not matter.
    expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
  });

  it('fault 48: keys that mean something to JavaScript are data', () => {
    const contexts = usable(
      file(
        `{ token: ${SECRET}, __proto__: { polluted: yes }, constructor: { prototype: { polluted: 1 } } }`,
        '__proto__: { polluted: yes }',
      ),
    );
    expect(contexts[0]?.user?.user?.token).toBe(SECRET);
    expect('polluted' in Object.prototype).toBe(false);
    expect('polluted' in (contexts[0]?.user?.user ?? {})).toBe(false);
  });
});
