import { expect, it } from 'vitest';
import { CANARY, openFleet } from './index.ts';

const NOW = Date.parse('2026-11-21T09:00:00Z');

it('desks of the fleet have a lab among them with VMs in every state, names that need quotes, and nothing the same twice', () => {
  const fleet = openFleet({ seed: 1, resources: 20_000 });
  const vms = fleet.desks().flatMap((desk) => [...fleet.at(NOW).deskVms(desk)]);
  expect(fleet.desks().length).toBe(20);
  expect(fleet.desks()[0]?.size).toBe(24);
  expect(new Set(vms.map(({ state }) => state))).toEqual(new Set(['poweredOn', 'poweredOff', 'paused', 'suspended']));
  expect(vms.some(({ name }) => name.includes('"'))).toBe(true);
  for (const of of [
    (vm: (typeof vms)[number]) => vm.id,
    (vm: (typeof vms)[number]) => vm.uuidBios,
    (vm: (typeof vms)[number]) => vm.nics[0]?.mac ?? '',
    (vm: (typeof vms)[number]) => `${vm.desk.hostname} ${vm.path}`,
  ])
    expect(new Set(vms.map(of)).size).toBe(vms.length);
  for (const vm of vms) {
    expect(vm.uuidBios).toMatch(/^56 4d( [0-9a-f]{2}){6}-[0-9a-f]{2}( [0-9a-f]{2}){7}$/);
    expect(vm.secret).toContain(CANARY);
    expect(vm.nics[0]?.address === null).toBe(vm.state !== 'poweredOn');
  }
});

it('VMs of desks are turned off and on again as time passes', () => {
  const fleet = openFleet({ seed: 1, resources: 2000 });
  const states = (now: number) =>
    fleet.desks().flatMap((desk) => [...fleet.at(now).deskVms(desk)].map(({ state }) => state));
  expect(states(NOW)).toEqual(states(NOW));
  const seen = new Set(Array.from({ length: 24 }, (_, hour) => states(NOW + hour * 3_600_000).join()));
  expect(seen.size).toBeGreaterThan(1);
});
