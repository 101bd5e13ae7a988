import { isLoopback } from '#providers/kit/wire/endpoint.ts';

/** By universe domain, the end of an API's host name: https://cloud.google.com/docs/geography-and-regions and the operators' documents. */
const CONSOLES: readonly (readonly [universe: string, console: string])[] = [
  ['googleapis.com', 'console.cloud.google.com'],
  ['s3nsapis.fr', 'console.cloud.s3nscloud.fr'],
  ['apis-berlin-build0.goog', 'console.cloud.berlin-build0.goog'],
];

/**
 * The host of the console of the universe whose API answers at `endpoint`, null where none is known. Behind a proxy on this machine is
 * the public cloud.
 */
export function consoleOf(endpoint = 'https://compute.googleapis.com'): string | null {
  const url = URL.parse(endpoint);
  if (url === null) return null;
  const host = isLoopback(url) ? 'compute.googleapis.com' : url.hostname;
  return CONSOLES.find(([universe]) => host === universe || host.endsWith(`.${universe}`))?.[1] ?? null;
}
