// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
const FORM = /^\+?(\d+(?:\.\d*)?|\.\d+)(?:([KMGTPE]i|[numkMGTPE])|[eE]([+-]?\d{1,3}))?$/;

const POWER_OF_TEN: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const POWER_OF_TWO: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const MAX_LENGTH = 64;

/**
 * Reads a Kubernetes quantity: `250m`, `1.5Gi`, `1e3`, `128974848`, also a bare JSON number.
 * @returns the plain amount (cores, bytes), or null where it is no quantity, is negative or has no finite value
 */
export function parseQuantity(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : null;
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return null;
  const match = FORM.exec(value);
  if (!match) return null;
  const [, digits = '', suffix, exponent] = match;
  const binary = suffix === undefined ? undefined : POWER_OF_TWO[suffix];
  // Through the decimal parser, not by multiplication: `100m` must be the same number as 0.1.
  const amount =
    binary === undefined
      ? Number(`${digits}e${exponent ?? (suffix === undefined ? 0 : POWER_OF_TEN[suffix])}`)
      : Number(digits) * 2 ** binary;
  return Number.isFinite(amount) ? amount : null;
}

const MIB = 2 ** 20;

/** A quantity of bytes in MiB, the model's unit. */
export function parseMebibytes(value: unknown): number | null {
  const bytes = parseQuantity(value);
  return bytes === null ? null : bytes / MIB;
}
