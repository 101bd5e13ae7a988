import type { Scope } from '#lib/model/index.ts';

/** An account as all sources call it. `*` is all that one source may see, so that it is never another's. */
export const accountOf = ({ source, account }: Scope): string => (account === '*' ? `${source} *` : account);
