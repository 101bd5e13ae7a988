import { expect, it, onTestFinished } from 'vitest';
import { openFleet } from '#lib/demo/index.ts';
import { azure } from '#providers/azure/index.ts';
import { AZURE_TOKEN, armFailure, azureCloud } from '#tests/fakes/azure.ts';
import { testClock } from '#tests/fakes/clock.ts';
import { startFake } from '#tests/fakes/server.ts';
import { silentLogger } from '#tests/support/log.ts';

it('a management group that may not be read is one denied call, and the policy for it is the shipped one', async () => {
  const clock = testClock();
  const fleet = openFleet({ seed: 11, resources: 400, faults: false });
  const fake = await startFake(azureCloud(), { fleet, now: () => clock.now() });
  onTestFinished(() => fake.close());
  const discover = { managementGroups: ['production'] };
  const config = azure.config.parse({ endpoint: fake.url, token: AZURE_TOKEN, timeout: 10, discover });
  const env = { source: 'azure', clock, random: () => 0.5, log: silentLogger };
  const connection = await (await azure.load()).open(config, env);
  onTestFinished(() => connection.close());
  fake.script({
    when: ({ path }) => path.includes('/managementGroups/'),
    reply: armFailure(403, 'AuthorizationFailed'),
  });
  const permissions = await Array.fromAsync(connection.permissions({ signal: new AbortController().signal }));
  expect(permissions).toMatchObject([
    { action: 'Microsoft.Management/managementGroups/descendants/read', account: 'azure', state: 'denied' },
  ]);
  expect(azure.policy?.(permissions.map(({ action }) => action)).text).toContain('managementGroups/<group id>');
});
