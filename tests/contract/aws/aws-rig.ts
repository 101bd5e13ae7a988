import { onTestFinished, vi } from 'vitest';
import { openFleet } from '#lib/demo/index.ts';
import { aws } from '#providers/aws/index.ts';
import type { Connection } from '#providers/contract.ts';
import { AWS_KEYS, type AwsCloud, awsCloud } from '#tests/fakes/aws.ts';
import { type TestClock, testClock } from '#tests/fakes/clock.ts';
import { type FakeServer, startFake } from '#tests/fakes/server.ts';

export interface AwsRig {
  cloud: AwsCloud;
  fake: FakeServer;
  clock: TestClock;
  accounts: string[];
  logs: string[];
  /** A source as an operator configures it, besides the endpoint. */
  connect(config?: object): Promise<Connection>;
  /** Requests of an action. */
  count(action: string): number;
}

/** The credential chain finds these and looks no further: no file, no metadata service. */
export function stubFakeKeys(): void {
  vi.stubEnv('AWS_ACCESS_KEY_ID', AWS_KEYS.id);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', AWS_KEYS.secret);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
}

export async function openAws(resources = 400): Promise<AwsRig> {
  const fleet = openFleet({ seed: 11, resources, faults: false });
  const clock = testClock();
  const start = clock.now();
  const cloud = awsCloud();
  const fake = await startFake(cloud, { fleet, now: () => start });
  onTestFinished(() => fake.close());
  const logs: string[] = [];
  const write = (event: string, fields?: Record<string, unknown>) =>
    void logs.push(`${event} ${JSON.stringify(fields)}`);
  const log = { debug: write, info: write, warn: write, error: write };
  return {
    cloud,
    fake,
    clock,
    logs,
    accounts: fleet.accounts('aws').map(({ id }) => id),
    async connect(config = {}) {
      const adapter = await aws.load();
      const parsed = aws.config.parse({ endpoint: fake.url, timeout: 10, ...config });
      const connection = await adapter.open(parsed, { source: 'aws', clock, random: () => 0.5, log });
      onTestFinished(() => connection.close());
      return connection;
    },
    count: (action) => fake.requests.filter((request) => request.action === action).length,
  };
}

/** An account with the role of the fake. */
export const withRole = (id: string) => ({
  id,
  roleArn: `arn:aws:iam::${id}:role/MusterReadOnly`,
  externalId: 'external-id-of-the-test',
});
