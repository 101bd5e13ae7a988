/**
 * Who changes when. Every `period` milliseconds one item has its turn, in a fixed shuffled order, again and again: so the last
 * turn of an item at any time is arithmetic, and so is the list of items that had a turn between two times.
 */
export interface Schedule {
  size: number;
  period: number;
  /** Position of an item in the order is `(item - offset) * inverse mod size`. */
  step: number;
  inverse: number;
  offset: number;
}

/** One turn of an item: its number (rises by one each round) and its time. */
export interface Turn {
  epoch: number;
  at: number;
}

export function makeSchedule(size: number, period: number, hash: number): Schedule {
  const count = Math.max(1, size);
  let step = Math.max(1, Math.round(count * 0.618));
  while (gcd(step, count) !== 1) step++;
  return { size: count, period, step, inverse: inverseOf(step, count), offset: hash % count };
}

/** The latest turn of `item` that is not after `now`. */
export function turnOf(schedule: Schedule, item: number, now: number): Turn {
  const tick = Math.floor(now / schedule.period);
  const epoch = Math.floor((tick - position(schedule, item)) / schedule.size);
  return { epoch, at: timeOf(schedule, item, epoch) };
}

/** When an item had, or will have, its turn of that number. */
export const timeOf = (schedule: Schedule, item: number, epoch: number): number =>
  (epoch * schedule.size + position(schedule, item)) * schedule.period;

/** Items that had a turn after `from` and not after `to`, each once. */
export function turnsBetween(schedule: Schedule, from: number, to: number): number[] {
  const first = Math.floor(from / schedule.period) + 1;
  const last = Math.floor(to / schedule.period);
  const items: number[] = [];
  for (let tick = first; tick <= last && items.length < schedule.size; tick++)
    items.push((((tick % schedule.size) + schedule.size) * schedule.step + schedule.offset) % schedule.size);
  return items;
}

function position(schedule: Schedule, item: number): number {
  return ((((item - schedule.offset) % schedule.size) + schedule.size) * schedule.inverse) % schedule.size;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** `x` with `a * x = 1 mod m`. */
function inverseOf(a: number, m: number): number {
  let [r0, r1, s0, s1] = [m, a % m, 0, 1];
  while (r1 > 0) {
    const q = Math.floor(r0 / r1);
    [r0, r1] = [r1, r0 - q * r1];
    [s0, s1] = [s1, s0 - q * s1];
  }
  return ((s0 % m) + m) % m;
}
