import { partition } from '@aws-sdk/core/client';
import { asRecord, asString } from '#providers/kit/read.ts';

/** The partition that a region belongs to, by the SDK's table: `aws`, `aws-cn`, `aws-us-gov`, `aws-eusc`, `aws-iso`, ... */
export const partitionOf = (region: string): string => partition(region).name;

/** The end of the names of the region's services: `amazonaws.com`, `amazonaws.com.cn`, `c2s.ic.gov`. */
export const dnsSuffixOf = (region: string): string => partition(region).dnsSuffix;

/** Organizations answers in one region of each partition: https://docs.aws.amazon.com/general/latest/gr/ao.html */
export const organizationsRegion = (region: string): string =>
  asString(asRecord(partition(region))?.implicitGlobalRegion) ?? region;
