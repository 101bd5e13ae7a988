import { afterAll, beforeAll, describe } from 'vitest';
import { type RealApiServer, startedApiServer } from '#tests/support/kubernetes/real-apiserver.ts';
import { admitReader, realCloud } from '#tests/support/kubernetes/real-cluster.ts';
import { kubernetesCase } from '../contract/kubernetes/kubernetes-case.ts';
import { describeAdapter } from '../contract/provider-suite.ts';

const { server, title } = await startedApiServer();
const api = server as RealApiServer;

// The same suite, and the same faults on the way, with a real server behind the address that is read.
describe.skipIf(server === null)(title, { timeout: 60_000 }, () => {
  beforeAll(() => admitReader(api), 60_000);
  afterAll(() => api.stop());
  describeAdapter(kubernetesCase(realCloud(api)));
});
