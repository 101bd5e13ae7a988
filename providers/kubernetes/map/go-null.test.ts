import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFleet } from '#lib/demo/index.ts';
import { nulled } from '#tests/support/kubernetes/go-nulls.ts';
import { createPlace, type Lookup } from '../clusters/place.ts';
import { nodeObject, podObject } from '../mock/wire.ts';
import { mapObjects, type Part } from './map.ts';
import type { RawObject } from './raw.ts';

const nothing: Lookup = { node: () => undefined, controller: () => null, handler: () => undefined };
// One each time: it keeps the labels of siblings.
const mapped = (part: Part, object: RawObject) =>
  mapObjects(part, [object], createPlace({ source: 's', scope: 's/c', cluster: 'c', clusterName: 'prod' }), nothing);

const recorded = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../../../tests/fixtures/kubernetes-table.json'), 'utf8'),
) as { pod: RawObject }[];
const fleet = openFleet({ seed: 7, resources: 600, faults: false });
const moment = fleet.at(Date.parse('2026-11-21T09:00:00Z'));
const [cluster] = fleet.clusters();
if (!cluster) throw new Error('the fleet has no cluster');

describe('fault 102: a list or map that Go writes as null', () => {
  it.each([
    ['recorded pod', 'pods', recorded.map(({ pod }) => pod)],
    ['pod of the fleet', 'pods', [...moment.pods(cluster)].slice(0, 20).map((pod) => podObject(pod, '1'))],
    ['node of the fleet', 'nodes', [...moment.nodes(cluster)].slice(0, 10).map((node) => nodeObject(node, '1'))],
  ] as const)('is an empty one, in every field of every %s', (_, part, objects) => {
    const seen = new Set<string>();
    for (const object of objects)
      for (const { path: field, withNull, withEmpty } of nulled(object)) {
        seen.add(field.replaceAll(/\[\d+\]/g, '[]'));
        expect(mapped(part, withNull), field).toEqual(mapped(part, withEmpty));
        expect(mapped(part, withNull).unreadable, field).toEqual([]);
      }
    expect(seen.size).toBeGreaterThan(6);
    expect(seen).toContain('metadata.labels');
  });
});
