import { afterEach, beforeEach, describe } from 'vitest';
import { changeTests } from './store/changes.ts';
import { decisionTests, permissionTests } from './store/decisions.ts';
import { detailTests } from './store/details.ts';
import { feedTests } from './store/feed.ts';
import { Bench, type MakeStore } from './store/fixture.ts';
import { hostileTests } from './store/hostile.ts';
import { ownershipTests } from './store/ownership.ts';
import { removalTests } from './store/removal.ts';
import { scheduleTests } from './store/schedules.ts';
import { scopeTests } from './store/scopes.ts';
import { watchTests } from './store/watch.ts';

/** What every implementation of the store's port must do. A deviation is a skip with its reason. */
export function testStore(name: string, make: MakeStore): void {
  describe(name, () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = new Bench(await make());
    });
    afterEach(() => bench.store.remove());
    const current = () => bench;

    describe('changes', () => changeTests(current));
    describe('details', () => detailTests(current));
    describe('removal', () => removalTests(current));
    describe('ownership', () => ownershipTests(current));
    describe('scopes', () => scopeTests(current));
    describe('watch', () => watchTests(current));
    describe('feed', () => feedTests(current));
    describe('hostile strings', () => hostileTests(current));
    describe('decisions', () => decisionTests(current));
    describe('permissions', () => permissionTests(current));
    describe('schedules', () => scheduleTests(current));
  });
}
