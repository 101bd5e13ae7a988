/** What the identity page shows: pairs by how sure the evidence is, conflicts, or decisions. */
export const SHOWS = ['likely', 'possible', 'conflicts', 'decisions'] as const;
export type Show = (typeof SHOWS)[number];

/** Addresses that were kept before a view got its name of today still lead to it. */
const FORMER: ReadonlyMap<string, Show> = new Map([['contradictions', 'conflicts']]);

export interface IdentityView {
  show: Show;
  /** First pair of the page. */
  offset: number;
}

/** Pairs of one page. */
export const IDENTITY_PAGE = 25;

export function readIdentityView(params: URLSearchParams): IdentityView {
  const offset = Number(params.get('offset') ?? 0);
  const show = params.get('show') ?? '';
  return {
    show: SHOWS.find((one) => one === show) ?? FORMER.get(show) ?? 'likely',
    offset: Number.isSafeInteger(offset) && offset > 0 && offset <= 10_000_000 ? offset : 0,
  };
}

export function identityAddress({ show, offset }: IdentityView): string {
  const params = new URLSearchParams();
  if (show !== 'likely') params.set('show', show);
  if (offset > 0) params.set('offset', String(offset));
  return params.size === 0 ? '/identity' : `/identity?${params}`;
}

/** What the API is asked for a view: conflicts and decisions come with every answer. */
export const identityRequest = ({ show, offset }: IdentityView) =>
  ({ confidence: show === 'possible' ? 'possible' : 'likely', offset }) as const;
