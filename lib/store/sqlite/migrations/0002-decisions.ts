/**
 * What people said about pairs of resources, and what was last seen of each source's permissions. Decisions refer to no row: they
 * outlive re-listing, removal and pruning of what they speak of.
 */
export const decisions = {
  version: 2,
  name: 'decisions',
  sql: `
create table decisions (
  a text not null,
  b text not null,
  verdict text not null,
  reason text not null,
  at text not null,
  primary key (a, b)
) strict, without rowid;

create table permissions (
  source text primary key,
  provider text not null,
  at text not null,
  json text not null
) strict, without rowid;
`,
};
