import { describe, expect, it } from 'vitest';
import { CANARY, openFleet } from '#lib/demo/index.ts';
import { resourceSchema } from '#lib/model/index.ts';
import { createPlace, type Lookup } from '../clusters/place.ts';
import { nodeObject, podObject } from '../mock/wire.ts';
import { mapObjects } from './map.ts';

const place = createPlace({ source: 's', scope: 's/c/*/pods', cluster: 'c', clusterName: 'prod' });
const nothing: Lookup = { node: () => undefined, controller: () => null, handler: () => undefined };

describe('objects of the fleet', () => {
  const fleet = openFleet({ seed: 7, resources: 2000 });
  const moment = fleet.at(Date.parse('2026-11-21T09:00:00Z'));

  it('map to valid rows without a planted secret', () => {
    let containers = 0;
    for (const cluster of fleet.clusters()) {
      const pods = [...moment.pods(cluster)].map((item) => podObject(item, '1'));
      const nodes = [...moment.nodes(cluster)].map((item) => nodeObject(item, '1'));
      expect(JSON.stringify(pods)).toContain(CANARY);
      for (const { resources, unreadable } of [
        mapObjects('pods', pods, place, nothing),
        mapObjects('nodes', nodes, place, nothing),
      ]) {
        expect(unreadable).toEqual([]);
        for (const row of resources) expect(resourceSchema.safeParse(row).error).toBeUndefined();
        expect(JSON.stringify(resources)).not.toContain(CANARY);
        containers += resources.length;
      }
    }
    expect(containers).toBeGreaterThan(500);
  });
});
