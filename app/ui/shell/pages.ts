interface PageLink {
  path: string;
  label: string;
  icon: string;
  /** Addresses that are reached from it and have no place of their own in the rail. */
  below?: readonly string[];
}

/** The pages of the rail, in its order. */
export const PAGES: readonly PageLink[] = [
  { path: '/', label: 'Fleet', icon: 'fleet', below: ['/stack'] },
  { path: '/changes', label: 'Changes', icon: 'changes' },
  { path: '/identity', label: 'Identity', icon: 'identity' },
  { path: '/sources', label: 'Sources', icon: 'sources' },
];
