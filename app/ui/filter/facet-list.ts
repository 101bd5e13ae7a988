/** The facets of the rail in order; the server asks for the same, so that the first picture has them. */
export const RAIL: readonly { field: string; label: string; open: boolean; unset: string }[] = [
  { field: 'kind', label: 'Kind', open: true, unset: 'unknown' },
  { field: 'provider', label: 'Provider', open: true, unset: 'unknown' },
  { field: 'state', label: 'State', open: true, unset: 'unknown' },
  { field: 'ready', label: 'Ready', open: true, unset: 'not said' },
  { field: 'tag.team', label: 'Team', open: true, unset: 'no team' },
  { field: 'region', label: 'Region', open: true, unset: 'no region' },
  { field: 'account', label: 'Account', open: false, unset: 'no account' },
  { field: 'cluster', label: 'Cluster', open: false, unset: 'no cluster' },
  { field: 'type', label: 'Type', open: false, unset: 'no type' },
  { field: 'exposed', label: 'Exposed', open: false, unset: 'not known' },
  { field: 'os', label: 'OS', open: false, unset: 'not said' },
];

export const RAIL_FIELDS: readonly string[] = RAIL.map(({ field }) => field);
