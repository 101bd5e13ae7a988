import { cleanText } from '#lib/log/index.ts';
import type { Permission, Provider } from '#providers/contract.ts';

const NAMED = 10;

/** One line per call and outcome, with the accounts and regions it holds for; what is not allowed names them. */
export function verdicts(permissions: readonly Permission[]): string[] {
  const actions = [...new Set(permissions.map(({ action }) => action))];
  const sorted = permissions.toSorted((a, b) => actions.indexOf(a.action) - actions.indexOf(b.action));
  const groups = Map.groupBy(sorted, ({ action, state, region }) => JSON.stringify([action, state, region !== null]));
  return [...groups.values()].map((group) => {
    const [{ action, state, message } = { action: '', state: 'unknown', message: null }] = group;
    const why = state !== 'allowed' && message ? `: ${message}` : '';
    return cleanText(`${action}: ${state} (${placesOf(group, state === 'allowed' ? 3 : NAMED)})${why}`);
  });
}

function placesOf(group: readonly Permission[], shown: number): string {
  const places = group.map(({ account, region }) => (region === null ? account : `${account} ${region}`));
  if (places.length <= shown) return places.join(', ');
  return shown < NAMED
    ? `${places.length} accounts`
    : `${places.slice(0, shown).join(', ')}, and ${places.length - shown} more`;
}

/** What is denied for want of a policy. A region that is denied where its account is allowed lacks none: what denies it is above. */
export function lacking(permissions: readonly Permission[]): Permission[] {
  const key = ({ action, account }: Permission) => JSON.stringify([action, account]);
  const allowed = new Set(permissions.filter(({ state, region }) => state === 'allowed' && region === null).map(key));
  return permissions.filter((each) => each.state === 'denied' && (each.region === null || !allowed.has(key(each))));
}

/** The least-privilege policy for what is denied, without indentation so that it can be pasted. */
export function missingPolicy(provider: Provider, permissions: readonly Permission[]): string[] {
  const lacks = lacking(permissions);
  const actions = [...new Set(lacks.map(({ action }) => action))];
  const lines: string[] = [];
  if (permissions.filter(({ state }) => state === 'denied').length > lacks.length)
    lines.push("  single regions are denied from above the account: look at the organisation's policies for them");
  if (actions.length === 0) return lines;
  const policy = provider.policy?.(actions);
  lines.push(`  missing from the policy (see providers/${provider.id}/README.md):`);
  if (policy === undefined) lines.push(...actions.map((action) => `    ${cleanText(action)}`));
  else lines.push('', ...policy.text.trimEnd().split('\n'), '');
  return lines;
}
