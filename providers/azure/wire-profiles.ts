import type { Machine } from '#lib/demo/index.ts';

const IMAGES: Readonly<Record<string, readonly [publisher: string, offer: string]>> = {
  ubuntu: ['Canonical', 'ubuntu'],
  debian: ['Debian', 'debian'],
  rhel: ['RedHat', 'RHEL'],
  windows: ['MicrosoftWindowsServer', 'WindowsServer'],
};

export const osTypeOf = (machine: Machine): string => (machine.os.family === 'windows' ? 'Windows' : 'Linux');

export function imageOf(machine: Machine): object {
  const [publisher, offer] = IMAGES[machine.os.distribution] ?? ['Canonical', machine.os.distribution];
  return {
    publisher,
    offer,
    sku: machine.os.version.replaceAll('.', '_'),
    version: 'latest',
    exactVersion: '1.0.20260901',
  };
}

/** Storage, OS and security profiles; the OS profile carries a planted secret where people put theirs. */
export function profilesOf(machine: Machine): object {
  return {
    storageProfile: {
      imageReference: imageOf(machine),
      osDisk: { osType: osTypeOf(machine), name: `${machine.name}_OsDisk`, createOption: 'FromImage', diskSizeGB: 64 },
    },
    osProfile: {
      computerName: (machine.node?.name ?? machine.name).slice(0, 63),
      adminUsername: 'azureuser',
      customData: Buffer.from(machine.secret).toString('base64'),
      adminPassword: machine.secret,
    },
    ...(machine.isolation === 'confidential' ? { securityProfile: { securityType: 'ConfidentialVM' } } : {}),
    userData: machine.secret,
  };
}
