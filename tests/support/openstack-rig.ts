import { onTestFinished } from 'vitest';
import { fleetOf } from '#lib/demo/index.ts';
import { openstack } from '#providers/openstack/index.ts';
import { OPENSTACK_PASSWORD, OPENSTACK_USER, type OpenStackFake, openstackCloud } from '#tests/fakes/openstack.ts';
import { plainWorld, type World } from '#tests/fakes/openstack-world.ts';
import { type FakeRequest, type FakeServer, startFake } from '#tests/fakes/server.ts';
import { type OpenCloud, openCloud } from './cloud.ts';

export interface OpenStackRig {
  cloud: OpenStackFake;
  fake: FakeServer;
  /** Opens a source of the fake: user and password in team-1, and what the test says otherwise. */
  open(config?: object): Promise<OpenCloud>;
  /** Requests whose action ends so. */
  asked(action: string): FakeRequest[];
}

/** A plain cloud on the wire, ended with its test. */
export async function openstackRig(
  options: Partial<OpenStackFake> = {},
  world: World = plainWorld(40),
): Promise<OpenStackRig> {
  const cloud = openstackCloud({ world, ...options });
  const fake = await startFake(cloud, { fleet: fleetOf({ seed: 1, resources: 100 }), now: () => 0 });
  onTestFinished(() => fake.close());
  return {
    cloud,
    fake,
    async open(config = { username: OPENSTACK_USER, password: OPENSTACK_PASSWORD, project: 'team-1' }) {
      const source = await openCloud(openstack, { authUrl: fake.url, ...config });
      onTestFinished(() => source.connection.close());
      return source;
    },
    asked: (action) => fake.requests.filter((request) => request.action.endsWith(action)),
  };
}
