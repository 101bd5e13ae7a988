import { z } from 'zod';

/** `mock:` of a source replaces its client by the seeded fleet; the mapping stays the real one. */
export const mockSchema = z
  .strictObject({
    seed: z.number().int().nonnegative().default(1).describe('Same seed, same fleet'),
    resources: z
      .number()
      .int()
      .min(1)
      .max(1_000_000)
      .default(2000)
      .describe('Size of the whole fleet over all providers'),
    faults: z
      .boolean()
      .default(true)
      .describe('The denied region, the throttled subscription and their kind; false for a fleet without them'),
  })
  .describe('Fleet of the demo instead of a cloud');
export type MockOptions = z.infer<typeof mockSchema>;
