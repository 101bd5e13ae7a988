import { type Scope, scopeId } from '#lib/model/index.ts';
import type { Member } from '../clusters/members.ts';
import { PARTS } from '../map/map.ts';

/** What is listed of a cluster: its nodes and its pods. */
export function scopesOf(source: string, uid: string, member: Member): Scope[] {
  return PARTS.map((part) => ({
    id: scopeId(source, uid, null, part),
    provider: 'kubernetes',
    source,
    account: uid,
    region: null,
    part,
    kind: part === 'pods' ? 'container' : 'host',
    label: labelOf(member, part),
  }));
}

/** Stands for a cluster that was found and has not said who it is, so that it is shown as out of reach and not as nothing. */
export const unidentified = (source: string, member: Member): Scope => ({
  id: scopeId(source, member.id, null, 'discovery'),
  provider: 'kubernetes',
  source,
  account: member.id,
  region: null,
  part: 'discovery',
  kind: 'host',
  label: `${member.name}${place(member)}`,
});

/** True where the scope is one of a cluster that was called so, in the same place. */
export const isOf = (scope: Scope, member: Member): boolean =>
  PARTS.some((part) => scope.part === part && scope.label === labelOf(member, part));

/** As above, wherever it was: all that a later process knows of a cluster that does not answer. */
export const bears = (scope: Scope, member: Member): boolean =>
  PARTS.some((part) => scope.part === part && `${scope.label} `.startsWith(`${begins(member, part)} `));

function labelOf(member: Member, part: string): string {
  const insecure = 'client' in member.access && member.access.client.insecure;
  return `${begins(member, part)}${place(member)}${insecure ? ' (certificate not verified)' : ''}`;
}

const begins = ({ name }: Member, part: string): string => `${name} ${part}`;

function place({ labels }: Member): string {
  const words = Object.values(labels).join(' ');
  return words === '' ? '' : ` (${words})`;
}
