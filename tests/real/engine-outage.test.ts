import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { State } from '#lib/model/index.ts';
import { docker } from '#providers/docker/index.ts';
import { type Engine, startEngine, whyNoEngine } from '#tests/support/docker/docker-engine.ts';
import { PODMAN_HOST, startPodman, whyNoPodman } from '#tests/support/docker/podman-engine.ts';
import { collectLive, type LiveCollector } from '#tests/support/live-collector.ts';

/** Five seconds on a machine that has time; this one may have none. */
const SOON = { timeout: 20_000, interval: 50 };

const ENGINES = [
  ['Docker Engine', whyNoEngine(), startEngine, { NetworkMode: 'none' }],
  ['Podman', whyNoPodman(), startPodman, PODMAN_HOST],
] as const;

for (const [name, reason, start, HostConfig] of ENGINES)
  describe.skipIf(reason !== null)(
    reason === null ? `a real ${name} that is killed` : `a real ${name} that is killed (left out: ${reason})`,
    { timeout: 120_000 },
    () => {
      let engine: Engine;
      let collector: LiveCollector;

      beforeAll(async () => {
        engine = await start();
        for (const container of ['one', 'two']) await run(container);
        collector = await collectLive(docker, { host: `unix://${engine.socket}` });
      }, 120_000);
      afterAll(async () => {
        await collector?.stop();
        await engine?.stop();
      }, 120_000);

      async function run(container: string): Promise<void> {
        const made = await engine.docker.createContainer({
          name: container,
          Image: 'muster/busybox:1',
          Cmd: ['/busybox', 'sleep', '100000'],
          HostConfig,
        });
        await made.start();
      }
      const states = async () => Object.values(await collector.scopes()).map(({ state }) => state);
      const stateOf = async (container: string) => (await collector.rows()).get(container)?.state;
      /** What the engine itself lists, as rows should have it. */
      async function expected(): Promise<Record<string, State>> {
        const listed = await engine.docker.listContainers({ all: true });
        return Object.fromEntries(
          listed.map(({ Names, State, Status }) => {
            const failed = State === 'exited' && !/^Exited \((0|130|143)\)/.test(Status);
            return [Names[0]?.replace('/', ''), State === 'running' ? 'running' : failed ? 'failed' : 'stopped'];
          }),
        );
      }
      async function found(): Promise<Record<string, State>> {
        const rows = [...(await collector.rows()).values()].filter(({ kind }) => kind === 'container');
        return Object.fromEntries(rows.map((row) => [row.name, row.state]));
      }

      it('fault 106: says that the connection is lost, in both its scopes, keeps its rows, and is right again soon after it is back', async () => {
        await expect.poll(states, SOON).toEqual(['fresh', 'fresh']);
        expect(await found()).toEqual({ one: 'running', two: 'running' });
        for (let time = 0; time < 2; time++) {
          await engine.kill();
          await expect.poll(states, SOON).toEqual(['reconnecting', 'reconnecting']);
          const { containers, host } = await collector.scopes();
          for (const scope of [containers, host])
            expect(scope?.reason?.message).toMatch(/^connection lost since \d{4}-.*Z, trying again: /);
          expect((await collector.rows()).size).toBe(3);
          await engine.restart();
          await expect.poll(states, SOON).toEqual(['fresh', 'fresh']);
          await expect.poll(found, SOON).toEqual(await expected());
        }
      });

      it('fault 106: follows what happens after that', async () => {
        await run('three');
        await expect.poll(() => stateOf('three'), SOON).toBe('running');
        await engine.docker.getContainer('three').kill();
        await expect.poll(() => stateOf('three'), SOON).toBe('failed');
        await engine.docker.getContainer('three').remove({ force: true });
        await expect.poll(() => stateOf('three'), SOON).toBeUndefined();
        expect(await states()).toEqual(['fresh', 'fresh']);
      });
    },
  );
