import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Resource, resourceSchema, type Scope } from '#lib/model/index.ts';
import { detailOf } from '#providers/docker/map/detail.ts';
import { engineOf } from '#providers/docker/map/engine.ts';
import { toResource } from '#providers/docker/map/map-container.ts';
import { hostOf } from '#providers/docker/map/map-host.ts';
import { DockerEngine } from '#tests/fakes/docker-engine.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { openSource, scopeOf } from '#tests/support/docker/docker.ts';
import { list, Mirror, until } from '#tests/support/kubernetes/kubernetes.ts';

const FOLDER = path.join(import.meta.dirname, '../../../../shared/recordings/docker');
const text = (name: string): string => readFileSync(path.join(FOLDER, name), 'utf8');
const json = (name: string): unknown => JSON.parse(text(name));
const list20 = () => json('docker-20.10-containers-all.json') as { Id: string }[];

const scope: Scope = {
  id: 's/unix:%2F%2F%2Fd.sock/*/containers',
  provider: 'docker',
  source: 's',
  account: 'unix:///d.sock',
  region: null,
  part: 'containers',
  kind: 'container',
  label: 'd.sock',
};

describe.skipIf(!existsSync(FOLDER))(
  'recorded answers of engines (skipped where ../shared/recordings is absent)',
  () => {
    const info = () => json('docker-20.10-info.json');
    const engine = () => engineOf({ info: info(), podman: false }, scope.account);
    const row = (summary: unknown, inspected: unknown = null): Resource =>
      resourceSchema.parse(
        toResource({ summary, detail: inspected === null ? null : detailOf(inspected) }, engine(), scope),
      );

    it('Docker 20.10: every container of the list', () => {
      const rows = list20().map((summary) => row(summary));
      expect(rows.map(({ name, nativeState, state, stateReason }) => [name, nativeState, state, stateReason])).toEqual([
        ['new-1', 'created', 'starting', 'created, never started'],
        ['ex-3', 'exited', 'failed', 'exit code 3'],
        ['pau-1', 'paused', 'suspended', null],
        ['web-2', 'running', 'running', null],
        ['web-1', 'running', 'running', null],
      ]);
      expect(rows[0]?.tags).toEqual({ weird: 'ü "q" <x>' });
      expect(rows[4]).toMatchObject({
        uid: `ANB4:UINJ:6Y6E:T435:4ZCQ:IJJD:GNJQ:3DKY:DN5C:N6OF:V42M:N4SS/${rows[4]?.nativeId}`,
        workload: { kind: 'Compose project', name: 'shop' },
        hostedBy: [{ type: 'host', value: 'docker/ANB4:UINJ:6Y6E:T435:4ZCQ:IJJD:GNJQ:3DKY:DN5C:N6OF:V42M:N4SS' }],
        createdAt: '2026-11-21T00:08:42.000Z',
        image: 'localhost/busybox:1',
        os: 'linux',
      });
    });

    it('Docker 20.10: what inspect adds', () => {
      const inspected = json('docker-20.10-inspect.json') as { Id: string };
      const summary = list20().find(({ Id }) => Id === inspected.Id);
      expect(row(summary, inspected)).toMatchObject({
        name: 'web-1',
        startedAt: '2026-11-21T00:08:43.064Z',
        restarts: 0,
        limits: { cpu: 0.5, memory: 64 },
        requests: null,
        isolation: null,
      });
      expect(JSON.stringify(row(summary, inspected).raw)).not.toContain('100000');
    });

    it('Docker 20.10: the engine itself', () => {
      const host = resourceSchema.parse(hostOf(info(), engine(), { ...scope, part: 'host', kind: 'host' }));
      expect(host).toMatchObject({
        name: 'vm',
        vcpus: 2,
        memory: 24106,
        allocatable: { cpu: 2, memory: 24106 },
        physical: null,
        os: 'Debian GNU/Linux 12 (bookworm)',
        raw: {
          serverVersion: (json('docker-20.10-version.json') as { Version: string }).Version,
          rootDir: '/srv/peers/dk/data',
        },
      });
      expect(host.identities.map(({ type }) => type)).toEqual(['host', 'hostname']);
    });

    it('Podman 4.3: its list, with networks that are null and keys of its own', () => {
      const [summary] = json('podman-4.3-containers-all.json') as unknown[];
      expect(row(summary)).toMatchObject({
        name: 'p1',
        nativeState: 'created',
        state: 'starting',
        addresses: null,
        tags: { app: 'web' },
      });
    });

    it('Docker 20.10: its refusal of a version is asked about, then told', async () => {
      const clock = new VirtualClock();
      const fake = await DockerEngine.start({ now: () => clock.now() });
      const connection = await openSource({ host: fake.address }, clock);
      try {
        const body = text('docker-20.10-error-apiversion.json');
        fake.fault({ when: ({ action }) => action === 'GET /info', answer: { status: 400, body } });
        const listing = await list(connection, await scopeOf(connection, 'host'));
        expect(listing).toMatchObject({ complete: false, reason: { kind: 'bad-reply' } });
        expect(listing.complete ? '' : listing.reason.message).toContain('Maximum supported API version is 1.41');
        expect(fake.requests.map(({ action }) => action)).toEqual(['GET /_ping', 'GET /info', 'GET /_ping']);
      } finally {
        await connection.close();
        await fake.close();
      }
    });

    it('Docker 20.10: its events name the containers to look at again, and nothing else', async () => {
      const clock = new VirtualClock();
      const fake = await DockerEngine.start({ now: () => clock.now() });
      const connection = await openSource({ host: fake.address }, clock);
      const mirror = Mirror.follow(connection, await scopeOf(connection, 'containers'));
      try {
        await until(clock, () => mirror.listings.length === 1 && fake.watching === 1);
        fake.send(text('docker-20.10-events.ndjson'));
        const named = new Set(list20().map(({ Id }) => Id));
        const asked = () =>
          fake.requests.flatMap(
            ({ query }) => (JSON.parse(query.get('filters') ?? '{}') as { id?: string[] }).id ?? [],
          );
        await until(clock, () => asked().length >= named.size);
        expect(new Set(asked())).toEqual(named);
        expect(mirror.error).toBeUndefined();
      } finally {
        await mirror.stop();
        await connection.close();
        await fake.close();
      }
    });
  },
);
