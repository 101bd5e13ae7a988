import type { Dictionary } from './dictionary.ts';

/** A VM of somebody's library. */
export interface Entry {
  path: string;
  name: string | null;
}

/**
 * The VMs of a library, in its order: `vmlist<n>.config` of Workstation's `inventory.vmls` and Fusion's `vmInventory` (empty where it is a
 * folder, or what was one), `pref.mruvm<n>.filename` of Player's `preferences.ini`.
 */
export function entriesIn(library: Dictionary): Entry[] {
  const found = new Map<string, Entry>();
  for (const [key, path] of library) {
    const [, list] = /^(vmlist\d+)\.config$/.exec(key) ?? [];
    const [, recent] = /^(pref\.mruvm\d+)\.filename$/.exec(key) ?? [];
    if ((list ?? recent) === undefined || !/\.vmx$/i.test(path)) continue;
    found.set(path, { path, name: library.get(`${list ?? recent}.displayname`) || null });
  }
  return [...found.values()];
}
