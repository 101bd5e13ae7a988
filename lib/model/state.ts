import { z } from 'zod';
import { KINDS, STATES } from './vocabulary.ts';

export { KINDS, STATES };

export const stateSchema = z.enum(STATES);
export type State = z.infer<typeof stateSchema>;

export const kindSchema = z.enum(KINDS);
export type Kind = z.infer<typeof kindSchema>;
