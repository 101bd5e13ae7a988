import type { Scope } from '#lib/model/index.ts';
import { bears, isOf } from '../list/scopes.ts';
import type { Member } from './members.ts';

/**
 * Which clusters these are that do not say it themselves: those that they were a moment ago, else the ones that were known by their
 * name and place, or by their name alone. Each is one that nobody else is: a wrong guess must not hide another cluster.
 * @param told uids of the clusters that have said who they are
 */
export function recognise(
  strangers: readonly Member[],
  reported: ReadonlySet<string>,
  known: readonly Scope[],
): Map<Member, string> {
  const found = new Map<Member, string>();
  const taken = new Set(reported);
  const named = (fits: (scope: Scope, member: Member) => boolean) => (member: Member) =>
    known.find((scope) => !taken.has(scope.account) && fits(scope, member))?.account ?? null;
  for (const guess of [(member: Member) => member.uid, named(isOf), named(bears)])
    for (const member of strangers) {
      const uid = found.has(member) ? null : guess(member);
      if (uid === null || taken.has(uid)) continue;
      taken.add(uid);
      found.set(member, uid);
    }
  return found;
}
