import { z } from 'zod';

/** The closed set of reasons for which a call to a provider fails. `disabled`: the account does not use this service at all. */
export const ERROR_KINDS = [
  'auth',
  'permission',
  'rate-limit',
  'timeout',
  'network',
  'bad-reply',
  'config',
  'unsupported',
  'disabled',
] as const;
export const errorKindSchema = z.enum(ERROR_KINDS);
export type ErrorKind = z.infer<typeof errorKindSchema>;
