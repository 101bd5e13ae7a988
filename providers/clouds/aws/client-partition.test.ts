import { describe, expect, it } from 'vitest';
import { dnsSuffixOf, organizationsRegion, partitionOf } from './client-partition.ts';

describe('the partition of a region', () => {
  it.each([
    ['eu-west-1', 'aws', 'amazonaws.com', 'us-east-1'],
    ['cn-north-1', 'aws-cn', 'amazonaws.com.cn', 'cn-northwest-1'],
    ['us-gov-east-1', 'aws-us-gov', 'amazonaws.com', 'us-gov-west-1'],
    ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu', 'eusc-de-east-1'],
    ['us-iso-west-1', 'aws-iso', 'c2s.ic.gov', 'us-iso-east-1'],
    ['us-isob-east-1', 'aws-iso-b', 'sc2s.sgov.gov', 'us-isob-east-1'],
    ['ap-future-9', 'aws', 'amazonaws.com', 'us-east-1'],
  ])('%s is %s', (region, partition, suffix, organizations) => {
    expect([partitionOf(region), dnsSuffixOf(region), organizationsRegion(region)]).toEqual([
      partition,
      suffix,
      organizations,
    ]);
  });
});
