import { describe, expect, it } from 'vitest';
import { openFleet } from '#lib/demo/index.ts';
import type { Scope } from '#lib/model/index.ts';
import { nulled } from '#tests/support/kubernetes/go-nulls.ts';
import { infoOf, inspectOf, summaryOf } from '../mock/wire.ts';
import { detailOf } from './detail.ts';
import { engineOf } from './engine.ts';
import { toResource } from './map-container.ts';
import { hostOf } from './map-host.ts';

const scope: Scope = {
  id: 's/h/*/containers',
  provider: 'docker',
  source: 's',
  account: 'tcp://h:2376',
  region: null,
  part: 'containers',
  kind: 'container',
  label: 'h',
};
const now = Date.parse('2026-11-21T09:00:00Z');
const fleet = openFleet({ seed: 7, resources: 600, faults: false });
const [host] = fleet.dockerHosts();
if (!host) throw new Error('the fleet has no engine');
const containers = [...fleet.at(now).dockerContainers(host)].slice(0, 20);
const info = infoOf(host, containers.length, now);
const engine = engineOf({ info, podman: false }, scope.account);

describe('fault 102: a list or map that Go writes as null', () => {
  it('is an empty one, in every field of what an engine says of a container', () => {
    const seen = new Set<string>();
    for (const container of containers) {
      const [summary, inspected] = [summaryOf(container, now), inspectOf(container)];
      for (const { path, withNull, withEmpty } of nulled({ summary, inspected })) {
        seen.add(path.replace(/Networks\.[^.]+/, 'Networks.*'));
        const [one, other] = [withNull, withEmpty].map((row) =>
          toResource({ summary: row.summary, detail: detailOf(row.inspected) }, engine, scope),
        );
        expect(one, path).toEqual(other);
      }
    }
    for (const field of ['Names', 'Ports', 'Mounts', 'Labels', 'NetworkSettings.Networks'])
      expect(seen).toContain(`summary.${field}`);
    expect(seen).toContain('inspected.Config.Env');
  });

  it('is an empty one, in every field of what an engine says of itself', () => {
    const fields = [...nulled(info)];
    expect(fields.map(({ path }) => path)).toEqual(expect.arrayContaining(['Labels', 'Runtimes', 'SecurityOptions']));
    for (const { path, withNull, withEmpty } of fields)
      expect(hostOf(withNull, engine, scope), path).toEqual(hostOf(withEmpty, engine, scope));
  });
});
