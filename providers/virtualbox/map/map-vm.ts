import { isIP } from 'node:net';
import { type DetailField, type Identity, type Resource, resourceOf, type Scope, tagsOf } from '#lib/model/index.ts';
import { isFirmwareUuid, otherByteOrder } from '#providers/kit/firmware.ts';
import { asAmount, asString, timeOf } from '#providers/kit/read.ts';
import { redact, withoutSecret } from '#providers/kit/redact.ts';
import { UnreadableRow } from '#providers/kit/rows.ts';
import type { GuestAddress } from './output.ts';
import { stateOf } from './state.ts';

/** Whose VM it is, and where. */
export interface Place {
  scope: Scope;
  user: string;
  hostname: string;
}

/** What VBoxManage said of a VM. */
export interface Described {
  uuid: string;
  /** Null where VirtualBox cannot read its settings. */
  machine: ReadonlyMap<string, string> | null;
  /** Null where its guest was not asked, or could not be. */
  addresses: readonly GuestAddress[] | null;
}

export const hostUid = (hostname: string): string => `virtualbox:${hostname}`;
export const vmUid = ({ hostname, user }: Pick<Place, 'hostname' | 'user'>, uuid: string): string =>
  `${hostUid(hostname)}/${user}/${uuid}`;

/** All that is not known of a VM whose settings cannot be read: it stays as it is stored. */
export const OF_SETTINGS: readonly DetailField[] = [
  'name',
  'identities',
  'vcpus',
  'memory',
  'os',
  'image',
  'tags',
  'addresses',
];

/** What the guest alone tells. */
export const OF_GUEST: readonly DetailField[] = ['addresses', 'identities'];

/** @throws UnreadableRow where the answer is that of another VM, or not whole */
export function toResource(described: Described, place: Place): Resource {
  const { uuid, machine, addresses: told } = described;
  const said = (key: string): string | null => asString(machine?.get(key));
  if (machine) {
    if (said('UUID')?.toLowerCase() !== uuid) throw new UnreadableRow('UUID', 'the one that was asked for');
    if (!machine.has('name')) throw new UnreadableRow('name', 'a text');
    // Printed behind all else that is read.
    if (!machine.has('GuestMemoryBalloon')) throw new UnreadableRow('GuestMemoryBalloon', 'a number, at the end');
  }
  const { scope, hostname } = place;
  const word = machine ? said('VMState') : 'inaccessible';
  const state = machine ? stateOf(word) : 'unknown';
  const cards = cardsOf(machine ?? new Map());
  const found = (told ?? []).filter(({ address }) => isIP(address) !== 0 && !LOCAL.test(address));
  const addresses = [...new Set(found.map(({ address }) => address))];
  const hardware = said('hardwareuuid')?.toLowerCase() ?? '';
  const groups = said('groups');
  const description = machine?.get('description') ?? '';
  return resourceOf({
    uid: vmUid(place, uuid),
    provider: 'virtualbox',
    source: scope.source,
    scope: scope.id,
    kind: 'vm',
    name: machine?.get('name') || '<inaccessible>',
    nativeId: uuid,
    objectId: uuid,
    aliases: [],
    identities: [
      // VMs that were made by an old VirtualBox show it to their guests in the other byte order.
      ...(isFirmwareUuid(hardware) ? [hardware, otherByteOrder(hardware)] : []).map((value) => ({
        type: 'system-uuid' as const,
        value,
      })),
      ...cards.map(({ mac }): Identity => ({ type: 'mac', value: colons(mac) })),
      ...[...new Set(found.filter((each) => !isShared(each, cards)).map(({ address }) => address))].map(
        (value): Identity => ({ type: 'address', value }),
      ),
    ],
    state,
    nativeState: word,
    vcpus: asAmount(said('cpus')),
    memory: asAmount(said('memory')),
    account: scope.account,
    image: diskOf(machine ?? new Map()),
    os: said('ostype'),
    addresses: addresses.length > 0 ? addresses : null,
    // Since when it is in its state; of one that runs that is its start, or its resumption.
    startedAt: word === 'running' ? changedAt(said('VMStateChangeTime')) : null,
    tags: tagsOf(
      [
        ...(groups && groups !== '/' ? [['groups', groups] as const] : []),
        ...(description === '' ? [] : [['description', description] as const]),
      ].map(withoutSecret),
    ),
    hostedBy: [{ type: 'host', value: `virtualbox/${hostname}` }],
    raw: redact(machine ? rawOf(machine, changedAt(said('VMStateChangeTime'))) : {}),
  });
}

const LOCAL = /^(127\.|169\.254\.|fe80:|::1$)/;

interface Card {
  /** Twelve hexadecimal digits, lower case. */
  mac: string;
  /** `nat`, `bridged`, `hostonly`, ... */
  attachment: string;
}

function cardsOf(machine: ReadonlyMap<string, string>): Card[] {
  const cards: Card[] = [];
  for (const [key, value] of machine) {
    const number = /^macaddress(\d+)$/.exec(key)?.[1];
    const attachment = machine.get(`nic${number}`) ?? 'none';
    const mac = value.toLowerCase();
    if (number !== undefined && attachment !== 'none' && /^[0-9a-f]{12}$/.test(mac)) cards.push({ mac, attachment });
  }
  return cards;
}

const colons = (mac: string): string => (mac.match(/../g) ?? []).join(':');

/** VirtualBox's own NAT gives every VM 10.0.2.15: such an address says nothing of who it is. */
const isShared = ({ address, mac }: GuestAddress, cards: readonly Card[]): boolean =>
  mac === null ? address.startsWith('10.0.') : cards.some((card) => card.mac === mac && card.attachment === 'nat');

/** `2026-11-30T17:08:12.000000000`, in UTC. */
const changedAt = (text: string | null): string | null =>
  timeOf(text === null ? null : `${text.replace(/(\.\d{3})\d*Z?$/, '$1')}Z`);

const PORT = /-\d+-\d+$/;

/** The first disk of the first controller. */
function diskOf(machine: ReadonlyMap<string, string>): string | null {
  for (const [key, value] of machine)
    if (PORT.test(key) && /\.(vdi|vmdk|vhdx?|hdd|qcow2?|qed|raw|img)$/i.test(value)) return value;
  return null;
}

/** What is worth showing. Left out is what holds secrets (properties of the remote desktop, the teleporter) and what moves by itself. */
const SHOWN =
  /^(CfgFile|chipset|firmware|platformArchitecture|paravirtprovider|nested-hw-virt|encryption|graphicscontroller|vrde|usb|nic\d+|bridgeadapter\d+|hostonlyadapter\d+|nat-network\d+|intnet\d+|GuestOSType|GuestAdditionsVersion|SessionName)$/;

function rawOf(machine: ReadonlyMap<string, string>, since: string | null) {
  const shown = [...machine].filter(
    ([key, value]) => (SHOWN.test(key) && value !== 'none') || (PORT.test(key) && value.includes('.')),
  );
  return {
    ...Object.fromEntries(shown),
    hardwareuuid: machine.get('hardwareuuid') ?? null,
    stateSince: since,
    snapshots: [...machine.keys()].filter((key) => /^SnapshotUUID(-\d+)*$/.test(key)).length,
    currentSnapshot: machine.get('CurrentSnapshotName') ?? null,
  };
}
