import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { libvirt } from './index.ts';
import { ACTIONS } from './polkit.ts';

const all = Object.values(ACTIONS);
const ruleFor = (actions: readonly string[]) => libvirt.policy?.(actions).text ?? '';

/** What polkit would answer, by the rule alone. */
function asked(rule: string, user: string, id: string): unknown {
  let answer: unknown;
  const polkit = {
    Result: { YES: 'yes' },
    addRule: (decide: (action: { id: string }, subject: { user: string }) => unknown) => {
      answer = decide({ id }, { user });
    },
  };
  runInNewContext(rule, { polkit });
  return answer;
}

it('is the file that ships, word for word, for all of its actions', () => {
  const shipped = readFileSync(new URL('./permissions.rules', import.meta.url), 'utf8');
  expect(ruleFor([...all, ...all].reverse())).toBe(shipped);
});

it.each(all)('grants %s to its user alone, and nothing beside it', (action) => {
  const rule = ruleFor([action]);
  for (const other of [
    ...all,
    'org.libvirt.unix.manage',
    'org.libvirt.api.domain.write',
    'org.libvirt.api.domain.read-secure',
  ])
    expect(asked(rule, 'muster', other)).toBe(other === action ? 'yes' : undefined);
  expect(asked(rule, 'somebody', action)).toBeUndefined();
});

it('takes no action that is not its own into a rule', () => {
  expect(ruleFor(['"]; evil("'])).not.toContain('evil');
});
