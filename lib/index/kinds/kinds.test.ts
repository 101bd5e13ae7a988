import { describe, expect, it } from 'vitest';
import { date, keyword, number, text } from '#lib/language/entry.ts';
import { FIELDS, fieldTable, isGroupable, tagField } from '#lib/language/fields.ts';
import type { StoredResource } from '#lib/store/port.ts';
import { MemoryStore } from '#tests/support/memory-store.ts';
import { NOW, uidsIn } from '#tests/support/query-rig.ts';
import { anyResource } from '#tests/support/resource.ts';
import { Engine } from '../engine.ts';
import { kindOf } from './kinds.ts';

describe.each([...FIELDS, tagField('team')].map((field) => [field.key, field] as const))('the field %s', (_, field) => {
  it('claims what its column kind can do, and no more', () => {
    const kind = kindOf(field);
    if (field.sortable) expect(kind.order).not.toBeNull();
    if (field.facet) expect(kind.count).not.toBeNull();
    if (isGroupable(field)) expect(kind.group).not.toBeNull();
  });
});

describe('a field that only the table knows', () => {
  // What rows say in places that no field of the project reads so.
  const fields = fieldTable([
    ...FIELDS,
    keyword({ key: 'tenancy', label: 'Tenancy', help: '', get: (row) => row.aliases[0] ?? null }),
    number({ key: 'disks', label: 'Disks', help: '', get: (row) => row.requests?.cpu ?? null }),
    date({ key: 'patched', label: 'Patched', help: '', get: (row) => row.startedAt }),
    text({ key: 'serial', label: 'Serial', help: '', get: (row) => row.aliases[1] ?? null }),
  ]);

  function engineOf(): Engine {
    const store = new MemoryStore();
    const row = (n: number, tenancy: string, disks: number | null, startedAt: string | null) =>
      anyResource({
        uid: `u${n}`,
        name: `n${n}`,
        aliases: [tenancy, `SN-${n}0`],
        requests: disks === null ? null : { cpu: disks, memory: null },
        startedAt,
      });
    store.commit([
      row(1, 'default', 3, '2026-11-03T00:00:00.000Z'),
      row(2, 'dedicated', null, '2026-11-01T00:00:00.000Z'),
      row(3, 'default', 1, null),
    ]);
    const engine = new Engine({ now: () => NOW, monotonic: () => 0 }, fields);
    engine.apply(store.live());
    return engine;
  }

  it.each([
    ['tenancy:DEDICATED', ['u2']],
    ['-tenancy:ded*', ['u1', 'u3']],
    ['disks>=2', ['u1']],
    ['disks:""', ['u2']],
    ['patched:2026-11-01', ['u2']],
    ['patched:*', ['u1', 'u2']],
    ['serial:sn-3*', ['u3']],
    ['sort:tenancy', ['u2', 'u1', 'u3']],
    ['sort:disks', ['u3', 'u1', 'u2']],
    ['sort:-patched', ['u1', 'u2', 'u3']],
  ])('answers %s', (q, uids) => {
    const engine = engineOf();
    expect(uidsIn(engine, q, '')).toEqual(uids);
    engine.compact();
    expect(uidsIn(engine, q, '')).toEqual(uids);
  });

  it('is counted as a facet, which its own list does not narrow, and grouped by', () => {
    const engine = engineOf();
    const counts = [
      { value: 'default', count: 2 },
      { value: 'dedicated', count: 1 },
    ];
    expect(engine.facets('tenancy:dedicated', ['tenancy'])).toMatchObject({ total: 1, facets: { tenancy: counts } });
    expect(engine.groups('group:tenancy', '').groups.groups).toMatchObject(counts);
  });

  it('finds rows that are gone as they were', () => {
    const engine = engineOf();
    const resource = anyResource({ uid: 'gone', aliases: ['dedicated'] });
    const at = '2026-11-21T09:00:00.000Z';
    const gone: StoredResource = { resource, seq: 9, firstSeen: at, lastSeen: at, removedAt: at };
    const answers = engine.matcher('tenancy:dedicated', [gone]);
    expect(['u1', 'u2', 'gone'].filter(answers)).toEqual(['u2', 'gone']);
  });

  it('is no field to an engine of another table, which says what is meant', () => {
    expect(() => uidsIn(new Engine({ now: () => NOW, monotonic: () => 0 }), 'tenancy:default', '')).toThrow(
      'Expected a field, perhaps tag.tenancy',
    );
  });
});
