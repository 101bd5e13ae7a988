/**
 * The actions of libvirt's access control that the calls need, https://libvirt.org/aclpolkit.html. The first is all that matters where
 * the daemon has no `access_drivers`; it is allowed to everyone by default.
 */
export const ACTIONS = {
  connect: 'org.libvirt.unix.monitor',
  open: 'org.libvirt.api.connect.getattr',
  host: 'org.libvirt.api.connect.read',
  list: 'org.libvirt.api.connect.search-domains',
  see: 'org.libvirt.api.domain.getattr',
  describe: 'org.libvirt.api.domain.read',
} as const;

/** A rule for polkit that grants these actions to the user `muster`: `/etc/polkit-1/rules.d/50-muster.rules` on the hypervisor. */
export function polkitRule(actions: readonly string[]): string {
  const known = Object.values(ACTIONS).filter((action) => actions.includes(action));
  return [
    '// /etc/polkit-1/rules.d/50-muster.rules: what Muster needs to list the domains of this hypervisor. Nothing here changes one.',
    'polkit.addRule(function (action, subject) {',
    '  var allowed = [',
    ...known.map((action) => `    "${action}",`),
    '  ];',
    '  if (subject.user === "muster" && allowed.indexOf(action.id) >= 0) return polkit.Result.YES;',
    '});',
    '',
  ].join('\n');
}
