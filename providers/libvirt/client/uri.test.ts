import { describe, expect, it } from 'vitest';
import { libvirtConfig } from '../config.ts';
import { parseUri } from './uri.ts';

describe('a connection URI', () => {
  it.each([
    'qemu:///system',
    'qemu:///session',
    'qemu+ssh://muster@hyper-1.example/system?socket=/run/libvirt/libvirt-sock-ro&keyfile=/etc/muster/key',
    'qemu+libssh2://muster@hyper-1.example/system?keyfile=/etc/muster/key&known_hosts=/etc/muster/hosts&sshauth=privkey',
    'qemu://hyper-1.example/system?pkipath=/etc/muster/pki',
    'qemu:///system?socket=/run/libvirt/libvirt-sock-ro',
    'esx://root@esx-1.example/?vcenter=*&transport=https',
    'qemu+ssh://hyper-1:2222/system',
    'qemu+tls://[fd00::1]/system?pkipath=/etc/muster/pki',
    'qemu+libssh2://muster@hyper-1/system?sshauth=agent,privkey',
    'qemu+tcp://127.0.0.1:16509/system',
    'qemu+unix:///system?socket=/run/libvirt/libvirt-sock-ro&mode=legacy',
    'lxc:///system',
    'vbox:///session',
    'esx://root@esx-1.example/?no_verify=1',
    'vpx://admin@vcenter.example/DC/Cluster/esx-1',
    'vmwareplayer:///session',
    'vmwarews:///session',
    'vmwarefusion:///session',
    'xen:///system',
    'bhyve:///system',
    'ch:///system',
    'test:///default',
    'test:///srv/lab/node.xml',
  ])('takes %s', (text) => {
    expect(libvirtConfig.safeParse({ uri: text }).success).toBe(true);
  });

  it.each([
    ['a program', 'qemu+ext:///system?command=/bin/touch'],
    ['a program beside ssh', 'qemu+ssh://h/system?command=/bin/touch'],
    ['a program on the other side', 'qemu+ssh://h/system?netcat=/bin/nc'],
    ['an option of ssh as host', 'qemu+ssh://-oProxyCommand=x/system'],
    ['an option of ssh as user', 'qemu+ssh://-oProxyCommand=x@h/system'],
    ['an escaped option as user', 'qemu+ssh://%2doProxyCommand=x@h/system'],
    ['a shell in a path', 'qemu+ssh://h/system?socket=/run/x;touch%20/y'],
    ['a relative path', 'qemu+ssh://h/system?keyfile=key'],
    ['a password', 'esx://root:geheim@esx-1/'],
    ['credentials that lie elsewhere', 'qemu+ssh://h/system?authfile=/etc/shadow'],
    ['another driver behind the first', 'qemu+ssh://h/system?name=test:///default'],
    ['answers to questions', 'vpx://u@vc/DC/host?auto_answer=1'],
    ['an unencrypted vCenter', 'vpx://u@vc/DC/host?transport=http'],
    ['an unencrypted connection', 'qemu+tcp://hyper-1/system'],
    ['an unknown parameter', 'qemu:///system?x=1'],
    ['a parameter of Object', 'qemu:///system?constructor=1'],
    ['a parameter twice', 'qemu+ssh://h/system?no_tty=1&no_tty=0'],
    ['an unknown driver', 'http://h/'],
    ['a driver of Object', 'constructor:///system'],
    ['no driver', '/etc/passwd'],
    ['an option of virsh', '--connect'],
    ['no host', 'qemu+ssh:///system'],
    ['a line break', 'qemu:///system\nlist'],
    ['a blank', 'qemu:///sys tem'],
    ['a fragment', 'qemu:///system#x'],
  ])('refuses %s', (_, text) => {
    const { success, error } = libvirtConfig.safeParse({ uri: text });
    expect(success).toBe(false);
    // The value may hold a secret.
    expect(JSON.stringify(error?.issues)).not.toContain('geheim');
  });

  // What a transport passes over without a word must not look as if it were in force.
  it.each([
    [
      'known_hosts',
      'qemu+ssh://muster@h/system?keyfile=/k&known_hosts=/h',
      /\+libssh, \+libssh2.*~\/\.ssh\/known_hosts/,
    ],
    [
      'known_hosts_verify',
      'qemu+ssh://h/system?known_hosts_verify=normal',
      /\+libssh, \+libssh2.*StrictHostKeyChecking/,
    ],
    ['sshauth', 'qemu+ssh://h/system?sshauth=agent', /\+libssh, \+libssh2/],
    ['known_hosts', 'qemu+tls://h/system?known_hosts=/h', /\+libssh, \+libssh2/],
    ['keyfile', 'qemu+tls://h/system?keyfile=/k', /\+ssh, \+libssh, \+libssh2/],
    ['keyfile', 'qemu://h/system?keyfile=/k', /the transport tls does not read/],
    ['keyfile', 'qemu:///system?keyfile=/k', /the transport unix does not read/],
    ['keyfile', 'esx://root@esx-1/?keyfile=/k', /the driver esx does not read/],
    ['proxy', 'qemu:///system?proxy=native', /\+ssh, \+libssh, \+libssh2/],
    ['no_tty', 'qemu+libssh://h/system?no_tty=1', /\+ssh/],
    ['no_verify', 'qemu+libssh2://h/system?no_verify=1', /known_hosts_verify/],
    ['no_verify', 'qemu:///system?no_verify=1', /\+tls/],
    ['no_sanity', 'qemu+ssh://h/system?no_sanity=1', /\+tls/],
    ['pkipath', 'qemu+ssh://h/system?pkipath=/pki', /\+tls/],
    ['pkipath', 'qemu+tcp://127.0.0.1/system?pkipath=/pki', /\+tls/],
    ['tls_priority', 'qemu+ssh://h/system?tls_priority=NORMAL', /\+tls/],
    ['socket', 'qemu+tls://h/system?socket=/run/libvirt/libvirt-sock', /\+unix, \+ssh/],
    ['socket', 'test:///default?socket=/run/libvirt/libvirt-sock', /the driver test does not read/],
    ['mode', 'qemu+tcp://127.0.0.1/system?mode=legacy', /\+unix/],
    ['transport', 'qemu+tls://h/system?transport=https', /esx:\/\/, gsx:\/\/, vpx:\/\//],
    ['vcenter', 'vpx://admin@vcenter/DC/Cluster/esx-1?vcenter=*', /esx:\/\//],
  ])('fault 110: refuses %s in %s and says what to write', (name, text, instead) => {
    const { error } = libvirtConfig.safeParse({ uri: text });
    expect(error?.issues.map(({ message }) => message)).toEqual([expect.stringMatching(instead)]);
    expect(error?.issues[0]?.message).toContain(`no parameter ${name}`);
  });

  it.each([
    ['virsh', { mock: {}, virsh: '/usr/bin/virsh' }],
    ['authFile', { mock: {}, authFile: '/etc/muster/auth.conf' }],
    ['authFile', { uri: 'test:///default', authFile: '/etc/muster/auth.conf' }],
    ['authFile', { uri: 'vmwarews:///session', authFile: '/etc/muster/auth.conf' }],
  ])('fault 110: refuses the key %s where nothing reads it: %j', (key, config) => {
    const { error } = libvirtConfig.safeParse(config);
    expect(error?.issues.map(({ path }) => path[0])).toEqual([key]);
  });

  it('fault 104: names what a connection shows of a machine, and one thing by one name', () => {
    const view = (text: string) => {
      const parsed = parseUri(text);
      return typeof parsed === 'string' ? parsed : parsed.view;
    };
    expect(view('qemu:///system')).toBe('qemu:/system');
    expect(view('qemu+ssh://u@h/system?socket=/run/libvirt/libvirt-sock-ro')).toBe('qemu:/system');
    expect(view('lxc:///system')).toBe('lxc:/system');
    expect(view('lxc:///')).toBe('lxc:/system');
    expect(view('qemu:///session')).toBe('qemu:/session');
    expect(view('qemu+ssh://alice@h/session')).toBe('qemu:/session:alice');
    expect(view('qemu+ssh://bob@h/session')).toBe('qemu:/session:bob');
    expect(view('qemu:///session?socket=/run/user/1000/libvirt/libvirt-sock')).toBe('qemu:/session:1000');
    expect(view('esx://root@esx-1/')).toBe(view('vpx://admin@vcenter/DC/Cluster/esx-1'));
  });

  it('keeps ssh from asking and names the place without its user', () => {
    expect(parseUri('qemu+ssh://u@h/system')).toMatchObject({
      text: 'qemu+ssh://u@h/system?no_tty=1',
      place: 'qemu+ssh://h/system',
      driver: 'qemu',
      insecure: false,
    });
    expect(parseUri('qemu+ssh://u@h/system?keyfile=/k')).toMatchObject({
      text: 'qemu+ssh://u@h/system?keyfile=/k&no_tty=1',
    });
  });

  it('fault 47: says where a server is not verified', () => {
    expect(parseUri('esx://root@esx-1/?no_verify=1')).toMatchObject({ insecure: true });
    expect(parseUri('qemu+libssh://h/system?known_hosts_verify=ignore')).toMatchObject({ insecure: true });
    expect(parseUri('esx://root@esx-1/?no_verify=0')).toMatchObject({ insecure: false });
  });

  it('is needed where there is no mock', () => {
    expect(libvirtConfig.safeParse({}).success).toBe(false);
    expect(libvirtConfig.safeParse({ mock: {} }).success).toBe(true);
    expect(libvirtConfig.safeParse({ uri: 'qemu:///system', virsh: 'virsh' }).success).toBe(false);
  });
});
