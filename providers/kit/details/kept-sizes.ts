import type { JsonValue } from '#lib/model/index.ts';
import { asAmount, asArray, asRecord } from '../read.ts';

/** `memory` in MiB. */
interface Size {
  vcpus: number | null;
  memory: number | null;
}
export type Sizes = ReadonlyMap<string, Size>;

/** Sizes of machine types as they are kept for a later process: `{ "e2-small": [2, 2048] }`. */
export const keptSizes = {
  encode: (sizes: Sizes): JsonValue =>
    Object.fromEntries([...sizes].map(([type, { vcpus, memory }]) => [type, [vcpus, memory]])),
  decode: (kept: JsonValue): Sizes =>
    new Map(
      Object.entries(asRecord(kept) ?? {}).map(([type, stored]) => {
        const [vcpus, memory] = asArray(stored);
        return [type, { vcpus: asAmount(vcpus), memory: asAmount(memory) }];
      }),
    ),
};
