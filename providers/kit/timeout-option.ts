import { z } from 'zod';

/** `timeout` of a source: how long one request may take, in seconds. */
export const timeoutSchema = z
  .number()
  .positive()
  .max(600)
  .default(20)
  .describe('Seconds one request may take before it is given up and tried again');
