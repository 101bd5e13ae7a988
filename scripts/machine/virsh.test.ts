import { expect, test } from 'vitest';
import { findVirsh, NO_VIRSH } from './virsh.ts';

test("takes the system's virsh before one that was built by hand", () => {
  expect(findVirsh((file) => file.endsWith('/virsh'))).toBe('/usr/bin/virsh');
  expect(findVirsh((file) => file.startsWith('/usr/local/'))).toBe('/usr/local/bin/virsh');
});

test('finds nothing where there is nothing, and names the package', () => {
  expect(findVirsh(() => false)).toBeUndefined();
  expect(NO_VIRSH).toContain('libvirt-clients');
});
