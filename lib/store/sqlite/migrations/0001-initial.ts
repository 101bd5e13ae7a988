/**
 * Times are ISO 8601 in UTC, which sort as text. `seq` counts every written row and change record; its highest value is the
 * store's revision. A removed row stays as a tombstone (`removed_at`) until it is pruned: it is the feed's news of the removal.
 * A scope is `whole` while a complete listing, and nothing with gaps since, stands behind its rows.
 */
export const initial = {
  version: 1,
  name: 'initial',
  sql: `
create table meta (
  key text primary key,
  value integer not null
) strict, without rowid;

insert into meta (key, value) values ('revision', 0), ('feed_floor', 0);

create table scopes (
  id text primary key,
  provider text not null,
  source text not null,
  account text not null,
  region text,
  part text not null,
  kind text not null,
  label text not null,
  state text not null,
  reason_kind text,
  reason_message text,
  since text,
  last_attempt text,
  last_success text,
  generation integer not null,
  count integer not null,
  unreadable integer not null,
  held integer not null,
  watched integer not null,
  whole integer not null,
  interval integer not null
) strict, without rowid;

create index scopes_source on scopes (source);

create table resources (
  id integer primary key,
  uid text not null unique,
  scope text not null,
  origin text not null,
  data_hash text not null,
  raw_hash text not null,
  seq integer not null unique,
  first_seen text not null,
  last_seen text not null,
  missing_generation integer,
  removed_at text,
  data text not null
) strict;

create index resources_live on resources (scope, origin) where removed_at is null;
create index resources_removed on resources (removed_at) where removed_at is not null;

create table details (
  id integer primary key references resources (id) on delete cascade,
  raw text not null
) strict;

create table changes (
  seq integer primary key,
  at text not null,
  uid text not null,
  name text not null,
  provider text not null,
  kind text not null,
  scope text not null,
  type text not null,
  field text,
  "from" text,
  "to" text
) strict;

create index changes_uid on changes (uid, seq);
`,
};
