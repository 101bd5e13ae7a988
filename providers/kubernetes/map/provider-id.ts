import type { Identity } from '#lib/model/index.ts';
import { isFirmwareUuid } from '#providers/kit/firmware.ts';

/**
 * What `spec.providerID` says of the machine below a node, in the forms in which the clouds' own adapters name their machines:
 * `aws:///<zone>/<i-...>`, `gce://<project>/<zone>/<name>`, `azure:///subscriptions/...` (any case), `openstack://<region>/<uuid>`
 * (a guest of Nova has its server's uuid in its firmware), `vsphere://<uuid of the firmware>`. Fargate's
 * `aws:///<zone>/<hash>/fargate-...` names no instance. All others (`kind://docker/<cluster>/<node>`, `k3s://`, `digitalocean://`,
 * `metal3://`) keep their whole text, scheme included, as whatever else lists the machine has it.
 */
export function providerIdentities(providerId: string | null): Identity[] {
  const match = /^([a-z0-9-]+):\/\/(.+)$/i.exec(providerId ?? '');
  if (providerId === null || !match) return [];
  const [, scheme = '', rest = ''] = match;
  const path = rest.replace(/^\/+/, '');
  switch (scheme.toLowerCase()) {
    case 'aws': {
      const instance = /(?:^|\/)(i-[0-9a-f]{8,17})$/.exec(path)?.[1];
      return instance
        ? [
            { type: 'provider-id', value: path },
            { type: 'instance-id', value: instance },
          ]
        : [{ type: 'provider-id', value: path }];
    }
    case 'gce':
      return [{ type: 'provider-id', value: path }];
    case 'azure': {
      const id = `/${path.toLowerCase()}`;
      return [
        { type: 'provider-id', value: id },
        { type: 'resource-id', value: id },
      ];
    }
    case 'openstack': {
      const server = path.split('/').at(-1)?.toLowerCase() ?? '';
      return [
        { type: 'provider-id', value: path.toLowerCase() },
        { type: 'instance-id', value: server },
        ...firmware(server),
      ];
    }
    case 'vsphere':
      return [{ type: 'provider-id', value: providerId.toLowerCase() }, ...firmware(path.toLowerCase())];
    default:
      return [{ type: 'provider-id', value: providerId }];
  }
}

const firmware = (uuid: string): Identity[] => (isFirmwareUuid(uuid) ? [{ type: 'system-uuid', value: uuid }] : []);
