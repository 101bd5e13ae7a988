import { z } from 'zod';

/** The eight states of the model. The native state stays beside it in {@link Resource.nativeState}. */
export const STATES = [
  'running',
  'starting',
  'stopping',
  'stopped',
  'suspended',
  'failed',
  'terminated',
  'unknown',
] as const;

export const stateSchema = z.enum(STATES);
export type State = z.infer<typeof stateSchema>;

/** `vm`: an instance of a cloud or hypervisor. `container`: one container. `host`: what runs containers or VMs. */
export const KINDS = ['vm', 'container', 'host'] as const;
export const kindSchema = z.enum(KINDS);
export type Kind = z.infer<typeof kindSchema>;
