import { cleanText } from '#lib/log/index.ts';
import type { Permission, Provider } from '#providers/contract.ts';

const NAMED = 10;

/** One line per call and outcome, with the accounts and regions it holds for; what is not allowed names them. */
export function verdicts(permissions: readonly Permission[]): string[] {
  const groups = Map.groupBy(permissions, ({ action, state, region }) =>
    JSON.stringify([action, state, region !== null]),
  );
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

/**
 * The least-privilege policy for what is denied, without indentation so that it can be pasted. A region that is denied where its
 * account is not lacks no policy: something above the account denies it.
 */
export function missingPolicy(provider: Provider, permissions: readonly Permission[]): string[] {
  const denied = permissions.filter(({ state }) => state === 'denied');
  const actions = [...new Set(denied.filter(({ region }) => region === null).map(({ action }) => action))];
  const lines: string[] = [];
  if (denied.some(({ region }) => region !== null))
    lines.push("  single regions are denied from above the account: look at the organisation's policies for them");
  if (actions.length === 0) return lines;
  const policy = provider.policy?.(actions);
  lines.push(`  missing from the policy (see providers/${provider.id}/README.md):`);
  if (policy === undefined) lines.push(...actions.map((action) => `    ${cleanText(action)}`));
  else lines.push('', ...policy.text.trimEnd().split('\n'), '');
  return lines;
}
