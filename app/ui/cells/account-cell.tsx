import type { Item } from '#lib/api/resources.ts';
import { Foreign } from '../text/foreign.tsx';
import { NotSet } from './not-set.tsx';

/** What the account of a provider is that has none in the usual sense. */
const MEANS: Readonly<Record<string, string>> = {
  kubernetes: 'cluster uid',
  libvirt: 'host uuid',
  docker: 'engine',
  incus: 'certificate',
};

export function AccountCell({ item: { account, provider } }: { item: Pick<Item, 'account' | 'provider'> }) {
  if (account === null || account === '') return <NotSet />;
  const means = MEANS[provider];
  return (
    <span className="account">
      {means ? <span className="note">{means}</span> : null}
      <Foreign className="mono" text={account} />
    </span>
  );
}
