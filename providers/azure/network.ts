import { asArray, asRecord, asString } from '../kit/read.ts';
import { flat, lowerId } from './row.ts';

/** What the network interfaces of one machine say. */
export interface Addresses {
  inner: Set<string>;
  outer: Set<string>;
  /** Ids of public address resources, to be looked up; lower case. */
  attached: Set<string>;
  /** True where an attached one could not be looked up. */
  outerUnknown: boolean;
  macs: Set<string>;
}

/** By the id of the machine, in lower case. */
export type AddressBook = Map<string, Addresses>;

/** Enters a page of network interfaces, of machines or of a scale set's instances. */
export function enterInterfaces(book: AddressBook, rows: readonly unknown[]): void {
  for (const row of rows) {
    const nic = flat(row);
    const owner = lowerId(asRecord(nic?.virtualMachine)?.id);
    if (!nic || !owner) continue;
    let entry = book.get(owner);
    if (!entry) {
      entry = { inner: new Set(), outer: new Set(), attached: new Set(), outerUnknown: false, macs: new Set() };
      book.set(owner, entry);
    }
    const mac = asString(nic.macAddress);
    if (mac) entry.macs.add(mac.toLowerCase().replaceAll('-', ':'));
    for (const config of asArray(nic.ipConfigurations).map(flat)) {
      const address = asString(config?.privateIPAddress);
      if (address) entry.inner.add(address);
      const attached = lowerId(asRecord(config?.publicIPAddress)?.id);
      if (attached) entry.attached.add(attached);
    }
  }
}

/** True where somebody has a public address to be looked up. */
export const hasAttached = (book: AddressBook): boolean => book.values().some((entry) => entry.attached.size > 0);

/** Addresses of public address resources, by their id in lower case; one that is not attached yet has none. */
export function publicAddressesOf(rows: readonly unknown[]): [string, string][] {
  return rows.flatMap((row) => {
    const resource = flat(row);
    const id = lowerId(resource?.id);
    const address = asString(resource?.ipAddress);
    return id && address ? [[id, address] as [string, string]] : [];
  });
}

/** @param known the last that could be read, null where there are none. @param isOld it is not of now: what it lacks may be all the same */
export function enterPublicAddresses(
  book: AddressBook,
  known: ReadonlyMap<string, string> | null,
  isOld: boolean,
): void {
  for (const entry of book.values()) {
    const addresses = [...entry.attached].map((id) => known?.get(id));
    entry.outer = new Set(addresses.filter((address) => address !== undefined));
    entry.outerUnknown = isOld && addresses.includes(undefined);
  }
}
