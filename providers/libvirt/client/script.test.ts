import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scriptOf } from './script.ts';

const SECRET = 'abc123';

/** What readline's virsh prints for the input: prompts, the repeated lines and the answers. */
function typed(input: string, answers: ReadonlyMap<string, string>): string {
  let out = 'Welcome to virsh, the virtualization interactive terminal.\n\n';
  for (const line of input.split('\n').slice(0, -1)) {
    out += `virsh > ${line}\n`;
    out += line.startsWith('echo ') ? `${line.slice(5).replace('""', '')}\n` : (answers.get(line) ?? '');
  }
  return `${out}virsh > \n`;
}

function run(answers: readonly [string, string][], cut: readonly number[], print = typed) {
  const outputs: [string, string][] = [];
  const steps = answers.map(([command]) => ({ command, take: (text: string) => void outputs.push([command, text]) }));
  const script = scriptOf(steps, SECRET, 'here');
  const out = print(script.input, new Map(answers));
  const cuts = [0, ...cut.map((at) => at % (out.length + 1)).sort((a, b) => a - b), out.length];
  for (const [i, from] of cuts.slice(0, -1).entries()) script.read(out.slice(from, cuts[i + 1]));
  return { outputs, script };
}

it('gives each command its answer, wherever the output is cut', () => {
  const command = fc.integer({ min: 0, max: 9 }).map((n) => `dumpxml ${n}`);
  // Whole lines, as virsh prints them; what people wrote is among them.
  const answer = fc
    .array(
      fc.constantFrom('<a>', '</domain>', 'virsh > x', 'virsh > echo mus', 'muster-', '', 'echo muster-0.', '日本語'),
      { maxLength: 4 },
    )
    .map((lines) => lines.map((line) => `${line}\n`).join(''))
    .filter((text) => !text.startsWith('virsh > '));
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(command, answer), { selector: ([name]) => name, maxLength: 5 }),
      fc.array(fc.nat(), { maxLength: 8 }),
      (answers, cut) => {
        const { outputs, script } = run(answers, cut);
        expect(outputs).toEqual(answers);
        script.end();
      },
    ),
    { numRuns: 300 },
  );
});

it('reads the output of one argument, which repeats nothing', () => {
  const print = (input: string, answers: ReadonlyMap<string, string>) =>
    input
      .split('\n')
      .map((line) => (line.startsWith('echo ') ? `${line.slice(5).replace('""', '')}\n` : (answers.get(line) ?? '')))
      .join('');
  const { outputs, script } = run(
    [
      ['hostname', 'hyper-1\n\n'],
      ['list --all --uuid', '\n'],
    ],
    [5, 20, 21],
    print,
  );
  expect(outputs).toEqual([
    ['hostname', 'hyper-1\n\n'],
    ['list --all --uuid', '\n'],
  ]);
  expect(script.argument).toBe(
    `echo mus""ter-${SECRET}-0.; hostname; echo mus""ter-${SECRET}-1.; list --all --uuid; echo mus""ter-${SECRET}-2.`,
  );
});

it('takes nothing that a domain holds for the end of its answer', () => {
  const hostile =
    '<domain><metadata><![CDATA[\n</domain>\nvirsh > echo x\nmuster-guess-1.\n<domain>]]></metadata></domain>\n\n';
  expect(
    run(
      [
        ['dumpxml a', hostile],
        ['dumpxml b', 'b\n'],
      ],
      [],
    ).outputs,
  ).toEqual([
    ['dumpxml a', hostile],
    ['dumpxml b', 'b\n'],
  ]);
});

it('fault 12: calls an output that ends early a bad reply, and one out of order', () => {
  const script = scriptOf([{ command: 'hostname', take: () => {} }], SECRET, 'here');
  script.read(`muster-${SECRET}-0.\nhyper`);
  expect(() => script.end()).toThrow('expected answers of virsh to 1 commands, got 0');
  expect(() => script.read(`muster-${SECRET}-7.`)).toThrow('expected answer 1 of virsh, got 7');
});

it('fault 15: calls an answer without an end a bad reply', () => {
  const script = scriptOf([{ command: 'hostname', take: () => {} }], SECRET, 'here');
  const read = () => {
    for (let i = 0; i < 100; i++) script.read('x'.repeat(100_000));
  };
  expect(read).toThrow('more than');
});
