/**
 * Which calls beside its list fail for a scope, as JSON; and the last good answers of such calls, which serve a process that starts
 * while they fail.
 */
export const details = {
  version: 3,
  name: 'details',
  sql: `
alter table scopes add column detail_errors text not null default '[]';

create table answers (
  source text not null,
  key text not null,
  at text not null,
  json text not null,
  primary key (source, key)
) strict, without rowid;
`,
};
