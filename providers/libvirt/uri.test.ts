import { describe, expect, it } from 'vitest';
import { libvirtConfig } from './config.ts';
import { parseUri } from './uri.ts';

describe('a connection URI', () => {
  it.each([
    'qemu:///system',
    'qemu:///session',
    'qemu+ssh://muster@hyper-1.example/system?socket=/run/libvirt/libvirt-sock-ro&keyfile=/etc/muster/key&known_hosts=/etc/muster/hosts',
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
