import type { Item } from '#lib/api/resources.ts';
import type { DetailError } from '#lib/model/index.ts';

/** Fields of the table that are other names of the model. */
const OF_MODEL: Readonly<Record<string, readonly string[]>> = {
  reason: ['stateReason'],
  ip: ['addresses', 'mappedAddresses'],
  on: ['hostedBy'],
  'requests.cpu': ['requests'],
  'requests.memory': ['requests'],
  'limits.cpu': ['limits'],
  'limits.memory': ['limits'],
};

/** The failing call that would tell this field of a row; undefined where the provider just does not say. */
export function failingFor(item: Pick<Item, 'notKnown'>, key: string): DetailError | undefined {
  const names = OF_MODEL[key] ?? [key];
  return item.notKnown.find(({ fields }) => fields.some((field) => names.includes(field)));
}

/** `ec2:DescribeInstanceTypes answers 500`; since when stands beside it. */
export const failureOf = ({ call, message }: DetailError): string => `${call} ${message}`;

/** In one sentence, for a reader and for a tooltip. */
export const whyNotKnown = (error: DetailError): string => `not known: ${failureOf(error)}, since ${error.since}`;
