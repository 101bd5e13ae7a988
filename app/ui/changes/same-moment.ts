import type { Change } from '#lib/model/index.ts';

/** Neighbouring changes of one resource in one commit, as one: a stop changes state, native state and reason at once. */
export function sameMoment(changes: readonly Change[]): [Change, ...Change[]][] {
  const moments: [Change, ...Change[]][] = [];
  for (const change of changes) {
    const last = moments.at(-1);
    if (last && last[0].uid === change.uid && last[0].at === change.at && last[0].type === change.type)
      last.push(change);
    else moments.push([change]);
  }
  return moments;
}
