import { z } from 'zod';

/**
 * What a system calls a machine, in the order of its strength as evidence that two resources are one machine:
 * the cloud's own reference, an instance id, the firmware's UUID, the id of its kernel's start (`boot-id`, only where the row is the machine
 * itself: containers show that of their host), the OS's machine id, a MAC, an address, a name.
 * `host` names a hypervisor or Docker host for what it runs, with its system in front: `libvirt/<uuid>`, `docker/<id>`, `vmware-workstation/<machine>`,
 * `openstack/<cloud>/<region>/<hypervisor>`, `incus/<certificate>/member/<name>`; `node` a Kubernetes node: `<uid of kube-system>/<name>`; `pod` is a pod's uid.
 */
export const IDENTITY_TYPES = [
  'provider-id',
  'instance-id',
  'resource-id',
  'vm-id',
  'system-uuid',
  'boot-id',
  'machine-id',
  'runtime-id',
  'host',
  'node',
  'pod',
  'mac',
  'address',
  'hostname',
] as const;

export const identitySchema = z.object({
  type: z.enum(IDENTITY_TYPES),
  /** Normalised by the mapping: lower case where the system ignores case, without a scheme prefix. */
  value: z.string().min(1),
});
export type Identity = z.infer<typeof identitySchema>;
