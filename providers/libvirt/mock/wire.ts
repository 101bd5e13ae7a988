import { XMLBuilder } from 'fast-xml-parser';
import type { Domain, LibvirtHost } from '#lib/demo/index.ts';

/** A domain as libvirt has it: what virsh says of it besides its XML, and the XML as an object. */
export interface DomainRow {
  uuid: string;
  /** The word of `domstate`. */
  state: string;
  reason: string;
  /** MAC and address of what `domifaddr` knows. */
  leases: readonly { mac: string; address: string }[];
  domain: DomainObject;
}

/** As the builder takes it: `@` before attributes, `#text` beside them. */
export interface DomainObject {
  '@type': string;
  '@id'?: string;
  name?: string;
  uuid: string;
  metadata: {
    'muster:tags': { '@xmlns:muster': string; 'muster:tag': { '@key': string; '#text': string }[] };
  } & Record<string, object>;
  [key: string]: unknown;
}

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', suppressEmptyNode: true });
const document = (root: object): string => `${builder.build(root)}\n`;

/** virDomainState's reasons as virsh spells them, where it is not the fleet's word. */
const REASONS: Readonly<Record<string, string>> = { ioerror: 'I/O error' };

export function rowOf(domain: Domain): DomainRow {
  const { server, host, secret } = domain;
  const container = host.driver === 'lxc';
  return {
    uuid: domain.uuid,
    state: domain.state.name,
    reason: REASONS[domain.state.reason] ?? domain.state.reason,
    leases: domain.interfaces.flatMap(({ mac, address }) => (address === null ? [] : [{ mac, address }])),
    domain: {
      '@type': container ? 'lxc' : 'kvm',
      ...(domain.id === null ? {} : { '@id': String(domain.id) }),
      name: domain.name,
      uuid: domain.uuid,
      ...(domain.title === null ? {} : { title: domain.title }),
      description: `made by hand, console password ${secret}`,
      metadata: {
        ...(domain.osId === null
          ? {}
          : {
              'libosinfo:libosinfo': {
                '@xmlns:libosinfo': 'http://libosinfo.org/xmlns/libvirt/domain/1.0',
                'libosinfo:os': { '@id': domain.osId },
              },
            }),
        ...(server === null
          ? {}
          : {
              'nova:instance': {
                '@xmlns:nova': 'http://openstack.org/xmlns/libvirt/nova/1.1',
                'nova:name': server.name,
                'nova:flavor': { '@name': server.flavor.name, 'nova:memory': String(server.flavor.ram) },
                'nova:owner': { 'nova:project': { '@uuid': server.project.id, '#text': server.project.name } },
              },
            }),
        'muster:tags': { '@xmlns:muster': 'https://muster.example/1', 'muster:tag': [] },
        'deploy:note': { '@xmlns:deploy': 'https://deploy.example/1', '#text': `token ${secret}` },
      },
      memory: { '@unit': 'KiB', '#text': String(domain.memory * 1024) },
      currentMemory: { '@unit': 'KiB', '#text': String(domain.memory * 1024) },
      vcpu: { '@placement': 'static', '#text': String(domain.vcpus) },
      os: {
        type: {
          '@arch': domain.arch,
          ...(domain.machineType === null ? {} : { '@machine': domain.machineType }),
          '#text': domain.osType,
        },
        ...(container ? { init: '/sbin/init', initenv: { '@name': 'TOKEN', '#text': secret } } : {}),
      },
      devices: {
        ...(container
          ? {
              filesystem: {
                '@type': 'mount',
                source: { '@dir': `/var/lib/lxc/${domain.name}/rootfs` },
                target: { '@dir': '/' },
              },
            }
          : {
              disk: {
                '@type': 'file',
                '@device': 'disk',
                driver: { '@name': 'qemu', '@type': 'qcow2' },
                source: { '@file': `/var/lib/libvirt/images/${domain.name}.qcow2` },
                target: { '@dev': 'vda', '@bus': 'virtio' },
              },
              graphics: { '@type': 'vnc', '@port': '-1', '@passwd': secret },
            }),
        interface: domain.interfaces.map(({ mac, network }) => ({
          '@type': 'network',
          mac: { '@address': mac },
          source: { '@network': network },
        })),
      },
      ...(container
        ? {}
        : {
            'qemu:commandline': {
              '@xmlns:qemu': 'http://libvirt.org/schemas/domain/qemu/1.0',
              'qemu:env': { '@name': 'TOKEN', '@value': secret },
            },
          }),
    },
  };
}

export const domainXml = ({ domain }: DomainRow): string => document({ domain });

/** The table of `virsh domifaddr`. */
export function leaseTable({ leases }: DomainRow): string {
  const lines = leases.map(
    ({ mac, address }, at) =>
      ` vnet${at}      ${mac}    ${address.includes(':') ? 'ipv6' : 'ipv4'}         ${address}/24`,
  );
  return [' Name       MAC address          Protocol     Address', '-'.repeat(79), ...lines, '', ''].join('\n');
}

export const capabilitiesXml = (host: LibvirtHost): string =>
  document({
    capabilities: {
      host: {
        uuid: host.uuid,
        cpu: { arch: 'x86_64', model: 'EPYC-Milan', vendor: 'AMD' },
        topology: {
          cells: {
            '@num': '1',
            cell: {
              '@id': '0',
              memory: { '@unit': 'KiB', '#text': String(host.memory * 1024) },
              cpus: { '@num': String(host.cpus) },
            },
          },
        },
      },
    },
  });

export const nodeInfo = (host: LibvirtHost): string =>
  [
    'CPU model:           x86_64',
    `CPU(s):              ${host.cpus}`,
    'CPU frequency:       2445 MHz',
    'CPU socket(s):       1',
    `Core(s) per socket:  ${host.cpus / 2}`,
    'Thread(s) per core:  2',
    'NUMA cell(s):        1',
    `Memory size:         ${host.memory * 1024} KiB`,
    '',
    '',
  ].join('\n');
