import type { Item } from '#lib/api/resources.ts';
import { findField } from '#lib/language/fields.ts';
import type { DetailError } from '#lib/model/index.ts';

/** The failing call that would tell this field of a row; undefined where the provider just does not say. */
export function failingFor(item: Pick<Item, 'notKnown'>, key: string): DetailError | undefined {
  const of = findField(key)?.of ?? [];
  return item.notKnown.find(({ fields }) => fields.some((name) => of.includes(name)));
}

/** `ec2:DescribeInstanceTypes answers 500`; since when stands beside it. */
export const failureOf = ({ call, message }: DetailError): string => `${call} ${message}`;

/** In one sentence, for a reader and for a tooltip. */
export const whyNotKnown = (error: DetailError): string => `not known: ${failureOf(error)}, since ${error.since}`;
