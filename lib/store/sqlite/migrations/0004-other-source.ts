/** A scope that another source lists gives `other-source` as its reason, which was called `elsewhere`. */
export const otherSource = {
  version: 4,
  name: 'other-source',
  sql: `update scopes set reason_kind = 'other-source' where reason_kind = 'elsewhere';`,
};
