import type { Account, EnvironmentName, Service } from '../types/types.ts';

/** The organisation of the demo; account and project names begin with it. */
export const ORGANISATION = 'meridian';
/** Its domain; host names of what stands in its own racks end with it. */
export const DOMAIN = 'meridian.example';

const service = (name: string, team: string, kind: Service['kind']): Service => ({ name, team, kind });

export const SERVICES: readonly Service[] = [
  service('checkout-api', 'payments', 'api'),
  service('payment-gateway', 'payments', 'api'),
  service('ledger-worker', 'payments', 'worker'),
  service('ledger-db', 'payments', 'database'),
  service('fraud-scoring', 'payments', 'worker'),
  service('invoice-export', 'payments', 'batch'),
  service('search-index', 'search', 'database'),
  service('search-api', 'search', 'api'),
  service('query-suggest', 'search', 'api'),
  service('crawl-scheduler', 'search', 'worker'),
  service('catalog-api', 'catalog', 'api'),
  service('catalog-sync', 'catalog', 'batch'),
  service('image-resizer', 'catalog', 'worker'),
  service('price-feed', 'catalog', 'worker'),
  service('storefront', 'web', 'web'),
  service('account-web', 'web', 'web'),
  service('edge-proxy', 'web', 'web'),
  service('session-cache', 'web', 'cache'),
  service('identity-api', 'identity', 'api'),
  service('token-issuer', 'identity', 'api'),
  service('directory-sync', 'identity', 'batch'),
  service('order-router', 'fulfilment', 'worker'),
  service('warehouse-api', 'fulfilment', 'api'),
  service('label-printer', 'fulfilment', 'worker'),
  service('route-planner', 'fulfilment', 'worker'),
  service('shipment-db', 'fulfilment', 'database'),
  service('event-stream', 'data-platform', 'database'),
  service('feature-store', 'data-platform', 'database'),
  service('spark-driver', 'data-platform', 'batch'),
  service('etl-nightly', 'data-platform', 'batch'),
  service('metrics-store', 'observability', 'database'),
  service('log-ingest', 'observability', 'worker'),
  service('trace-collector', 'observability', 'worker'),
  service('alert-router', 'observability', 'api'),
  service('build-runner', 'developer-tools', 'worker'),
  service('artifact-cache', 'developer-tools', 'cache'),
  service('preview-env', 'developer-tools', 'web'),
  service('mailer', 'messaging', 'worker'),
  service('push-sender', 'messaging', 'worker'),
  service('chat-gateway', 'messaging', 'api'),
  service('model-server', 'ml', 'api'),
  service('training-job', 'ml', 'batch'),
  service('embedding-api', 'ml', 'api'),
  service('backup-agent', 'infrastructure', 'batch'),
  service('bastion', 'infrastructure', 'web'),
  service('dns-resolver', 'infrastructure', 'api'),
  service('license-server', 'infrastructure', 'api'),
  service('vpn-gateway', 'infrastructure', 'web'),
];

/** Environments of accounts, in order; accounts beyond repeat them with a number. */
export const ACCOUNT_NAMES: readonly (readonly [name: string, environment: EnvironmentName])[] = [
  ['production', 'prod'],
  ['staging', 'staging'],
  ['development', 'dev'],
  ['data', 'prod'],
  ['sandbox', 'sandbox'],
];

export const REGIONS = {
  aws: ['eu-west-1', 'us-east-1', 'eu-central-1', 'us-west-2', 'ap-southeast-2', 'ca-central-1'],
  gcp: ['europe-west1', 'us-central1', 'europe-west4', 'us-east4', 'asia-northeast1', 'australia-southeast1'],
  azure: ['westeurope', 'eastus2', 'northeurope', 'westus3', 'uksouth', 'southeastasia'],
  openstack: ['RegionOne'],
} as const;

/** Where something goes wrong when the fleet has faults. */
export const FAULTY = {
  denied: 'eu-south-1',
  unreachable: 'europe-southwest1',
  throttled: 'germanywestcentral',
} as const;

/** Zones of a region in the cloud's spelling. */
export const ZONES = {
  aws: (region: string) => ['a', 'b', 'c'].map((zone) => region + zone),
  gcp: (region: string) => ['b', 'c', 'd'].map((zone) => `${region}-${zone}`),
  azure: () => ['1', '2', '3'],
  openstack: () => ['az1', 'az2', 'az3'],
} as const;

/** What people (or attackers) put into tags; all of it must be shown as it is and do nothing. */
export const HOSTILE_VALUES: readonly string[] = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; DROP TABLE resources;--",
  '{{constructor.constructor("alert(1)")()}}',
  '=HYPERLINK("https://example.com","click")',
  'javascript:alert(1)',
  'abc\u202egnp.exe',
  'zero\u200bwidth\u200djoin',
  '\u{1f469}\u200d\u{1f680} rocket team \u{1f680}',
  '\u0627\u0644\u0641\u0631\u064a\u0642 \u0627\u0644\u0623\u0648\u0644',
  'Z\u0351\u036b\u0343a\u0306\u0315l\u0310g\u0314o\u0352',
  '../../etc/passwd',
];

/** What an account is for; machines in it mostly have this environment. */
export const environmentOf = ({ cloud, index }: Account): EnvironmentName =>
  cloud === 'virtualbox' ? 'dev' : (ACCOUNT_NAMES[index % ACCOUNT_NAMES.length]?.[1] ?? 'prod');
