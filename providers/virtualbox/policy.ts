/**
 * All that is ever asked of VBoxManage, https://www.virtualbox.org/manual/topics/vboxmanage.html. VirtualBox itself has no permissions: who may
 * run it as a user may do everything with the VMs of that user.
 */
export const ACTIONS = {
  vms: 'VBoxManage list vms',
  running: 'VBoxManage list runningvms',
  properties: 'VBoxManage list systemproperties',
  host: 'VBoxManage list hostinfo',
  describe: 'VBoxManage showvminfo',
  addresses: 'VBoxManage guestproperty enumerate',
} as const;
export type Action = (typeof ACTIONS)[keyof typeof ACTIONS];

/** Its words are understood in English only; without UTF-8 VBoxManage ends its output at the first letter that is not ASCII, and says that all is well. */
export const LOCALE = 'C.UTF-8';
/** What stands before each command over ssh, where nothing else sets the locale. */
export const ENVIRONMENT = `env LC_ALL=${LOCALE}`;

/** How an action goes on behind its words, as a pattern of sh where `$u` is any UUID. */
const REST: Readonly<Partial<Record<Action, string>>> = {
  [ACTIONS.describe]: ' "$u" --machinereadable',
  [ACTIONS.addresses]: ' "$u"',
};

/** The refusal of {@link gate}; an error that says it is of kind `permission`. */
export const REFUSED = 'muster-vboxmanage: not permitted';

/**
 * What sshd runs instead of what it is asked to: `command="/usr/local/bin/muster-vboxmanage",restrict` before the key in authorized_keys. It lets
 * these actions through and nothing else.
 */
export function gate(actions: readonly string[]): string {
  const known = Object.values(ACTIONS).filter((action) => actions.includes(action));
  return [
    '#!/bin/sh',
    '# /usr/local/bin/muster-vboxmanage: what Muster may ask of VirtualBox over ssh. Nothing here changes a VM. Before its key in authorized_keys:',
    '# command="/usr/local/bin/muster-vboxmanage",restrict ssh-ed25519 ...',
    "h='[0-9a-f][0-9a-f][0-9a-f][0-9a-f]'",
    'u="$h$h-$h-$h-$h-$h$h$h"',
    'case "$SSH_ORIGINAL_COMMAND" in',
    ...known.map((action) => `  ${patternOf(action)}) ;;`),
    `  *) echo '${REFUSED}' >&2; exit 126 ;;`,
    'esac',
    'exec $SSH_ORIGINAL_COMMAND',
    '',
  ].join('\n');
}

/** In quotes but for the UUID, so that all else is taken as it stands. */
const patternOf = (action: Action): string => `"${ENVIRONMENT} ${action}${REST[action] ?? ''}"`;
