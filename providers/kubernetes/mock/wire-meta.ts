export const rfc3339 = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** Who set what, as every object carries it: never to be kept. */
export const managedFields = (secret: string, at: number) => [
  {
    manager: 'kubectl-client-side-apply',
    operation: 'Update',
    apiVersion: 'v1',
    time: rfc3339(at),
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:metadata': { 'f:annotations': { [`f:${secret}`]: {} } } },
  },
];

/** Quantities in the spelling in which an API server answers, whatever was written. */
export function cores(count: number): string {
  const milli = Math.round(count * 1000);
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}

export function bytes(mebibytes: number): string {
  let amount = Math.round(mebibytes * 1024);
  const units = ['Ki', 'Mi', 'Gi', 'Ti'];
  while (units.length > 1 && amount > 0 && amount % 1024 === 0) {
    amount /= 1024;
    units.shift();
  }
  return `${amount}${units[0]}`;
}
