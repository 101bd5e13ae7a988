import type { ScopeStatus } from '#lib/model/index.ts';

/** Providers whose account is an id that nobody knows by heart, and what it is. */
const MEANS: Readonly<Record<string, string>> = { kubernetes: 'cluster', libvirt: 'host', incus: 'Incus' };

/** What such an account is, with the name that its scopes have in their labels: `cluster prod-eu-1`. */
export function accountNames(
  scopes: readonly Pick<ScopeStatus, 'provider' | 'account' | 'label'>[],
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { provider, account, label } of scopes) {
    const means = MEANS[provider];
    // The last word of a label is what the scope lists.
    if (means && !names.has(account)) names.set(account, `${means} ${label.split(' ')[0] ?? label}`);
  }
  return names;
}
