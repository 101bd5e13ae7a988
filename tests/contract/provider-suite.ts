import { describe } from 'vitest';
import { abortTests } from './adapter/abort.ts';
import { completenessTests } from './adapter/completeness.ts';
import { detailTests } from './adapter/details.ts';
import { failureTests } from './adapter/failures.ts';
import { placeTests } from './adapter/places.ts';
import { policyTests } from './adapter/policy.ts';
import { replyTests } from './adapter/replies.ts';
import { rowTests } from './adapter/rows.ts';
import type { AdapterCase } from './adapter-case.ts';

/**
 * What every adapter must do, over the wire, with its real client. A test that a provider cannot have is named in `case.skip`,
 * with its reason.
 */
export function describeAdapter<C, Row>(c: AdapterCase<C, Row>): void {
  describe(`${c.provider.label} adapter`, () => {
    describe('reads whole listings', () => completenessTests(c));
    describe('understands rows', () => rowTests(c));
    describe('refuses replies that are none', () => replyTests(c));
    describe('says where', () => placeTests(c));
    describe('survives what goes wrong', () => failureTests(c));
    describe('keeps what it knew', () => detailTests(c));
    describe('stops when told', () => abortTests(c));
    describe('reads, and nothing else', () => policyTests(c));
  });
}
