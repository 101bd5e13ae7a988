/** A node is known by its cluster and its name; people know it by its name. */
export const shortIdentity = ({ type, value }: { type: string; value: string }): string =>
  type === 'node' || type === 'host' ? value.slice(value.lastIndexOf('/') + 1) : value;
