import { expect, it } from 'vitest';
import { ageOf } from './uptime.ts';

it.each([
  ['Up Less than a second', 0, 1],
  ['Up 1 second', 1, 2],
  ['Up 59 seconds (unhealthy)', 59, 60],
  ['Up About a minute', 60, 120],
  ['Up 59 minutes (Paused)', 3540, 3600],
  ['Up About an hour', 1800, 5400],
  ['Up 2 hours', 5400, 9000],
  ['Exited (3) 2 days ago', 172_800, 259_200],
  ['Exited (-1) 3 weeks ago', 1_814_400, 2_419_200],
  ['Restarting (1) 5 seconds ago', 5, 6],
  ['Up 3 months', 7_776_000, 10_368_000],
  ['Up 2 years', 63_072_000, 94_608_000],
])('%s is from %i to %i seconds', (status, least, most) => expect(ageOf(status)).toEqual({ least, most }));

it.each(['Created', 'Dead', 'Removal In Progress', 'Up for ages', 'Up 5 lightyears', ''])(
  '"%s" says nothing of it',
  (status) => expect(ageOf(status)).toBeNull(),
);
