/** The tables as Kysely sees them; `migrations/` is the truth. Text goes through `text.ts`. */
export interface Tables {
  meta: { key: 'revision' | 'feed_floor' | 'history'; value: number };
  scopes: ScopeRow;
  resources: ResourceRow;
  details: { id: number; raw: string };
  changes: ChangeRow;
  decisions: DecisionRow;
  permissions: PermissionsRow;
  answers: AnswerRow;
  migrations: MigrationRow;
}

export interface ScopeRow {
  id: string;
  provider: string;
  source: string;
  account: string;
  region: string | null;
  part: string;
  kind: string;
  label: string;
  state: string;
  reason_kind: string | null;
  reason_message: string | null;
  since: string | null;
  last_attempt: string | null;
  last_success: string | null;
  generation: number;
  count: number;
  unreadable: number;
  held: number;
  watched: number;
  whole: number;
  interval: number;
  /** JSON. */
  detail_errors: string;
}

export interface ResourceRow {
  id: number;
  uid: string;
  scope: string;
  origin: string;
  data_hash: string;
  raw_hash: string;
  seq: number;
  first_seen: string;
  last_seen: string;
  missing_generation: number | null;
  removed_at: string | null;
  data: string;
}

export interface ChangeRow {
  seq: number;
  at: string;
  uid: string;
  name: string;
  provider: string;
  kind: string;
  scope: string;
  type: string;
  field: string | null;
  from: string | null;
  to: string | null;
}

export interface DecisionRow {
  a: string;
  b: string;
  verdict: string;
  reason: string;
  at: string;
}

export interface PermissionsRow {
  source: string;
  provider: string;
  at: string;
  /** What was seen, without the three above. */
  json: string;
}

export interface AnswerRow {
  source: string;
  key: string;
  at: string;
  json: string;
}

export interface MigrationRow {
  version: number;
  name: string;
  checksum: string;
  applied_at: string;
}
