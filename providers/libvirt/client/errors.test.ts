import { expect, it } from 'vitest';
import { virshError } from './errors.ts';

const connecting = 'error: failed to connect to the hypervisor\n';

// As virsh 9.0 and the drivers behind it say them.
it.each([
  ["Failed to connect socket to '/var/run/libvirt/libvirt-sock-ro': No such file or directory", 'network'],
  ["Failed to connect socket to '/var/run/libvirt/libvirt-sock': Permission denied", 'permission'],
  ["unable to connect to server at '10.0.0.1:16514': Connection refused", 'network'],
  ["unable to connect to server at '10.0.0.1:16514': Connection timed out", 'network'],
  ['Cannot recv data: ssh: connect to host 10.0.0.1 port 22: Connection refused: Connection reset by peer', 'network'],
  [
    'Cannot recv data: ssh: Could not resolve hostname hyper-9: Name or service not known: Connection reset by peer',
    'network',
  ],
  ['Cannot recv data: muster@10.0.0.1: Permission denied (publickey).: Connection reset by peer', 'auth'],
  ['Cannot recv data: Host key verification failed.: Connection reset by peer', 'config'],
  ['End of file while reading data: Input/output error', 'network'],
  ["authentication failed: Failed to verify peer's certificate", 'network'],
  ['authentication failed: Failed to start SASL negotiation: -13', 'auth'],
  ['authentication cancelled: user cancelled authentication process', 'auth'],
  [
    "authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.monitor'",
    'permission',
  ],
  ["access denied: 'connect' denied", 'permission'],
  ['operation forbidden: read only access prevents virConnectGetX', 'permission'],
  ["unsupported configuration: libvirt was built without the 'hyperv' driver", 'unsupported'],
  ['this function is not supported by the connection driver: virConnectDomainEventRegisterAny', 'unsupported'],
  ['no connection driver available for foo:///system', 'unsupported'],
  [
    "internal error: curl_easy_perform() returned an error: Couldn't connect to server (7) : Failed to connect",
    'network',
  ],
  ['internal error: curl_easy_perform() returned an error: Timeout was reached (28)', 'timeout'],
  [
    "internal error: HTTP response code 500 for call to 'Login'. Fault: ServerFaultCode - Cannot complete login due to an incorrect user name or password.",
    'auth',
  ],
  ['internal error: vmrun utility is missing', 'config'],
  ['internal error: unable to initialize VirtualBox driver API', 'config'],
  ["internal error: Libvirt doesn't support VirtualBox API version 7002022", 'config'],
  ["Cannot read CA certificate '/etc/pki/CA/cacert.pem': No such file or directory", 'config'],
  ['Timed out during operation: cannot acquire state change lock', 'timeout'],
  ['internal error: connection closed due to keepalive timeout', 'timeout'],
  ['resource busy: too many connections', 'rate-limit'],
  ['something that nobody has said before', 'network'],
])('calls %j %s', (line, kind) => {
  const error = virshError(`${connecting}error: ${line}\n`, 'qemu:///system');
  expect(error).toMatchObject({ kind, place: 'qemu:///system' });
  expect(error.message.length).toBeLessThan(420);
});

it('calls what it does not know a bad reply where a connection stood', () => {
  expect(virshError('error: who knows\n', 'here').kind).toBe('bad-reply');
  expect(virshError('', 'here')).toMatchObject({
    kind: 'bad-reply',
    message: 'here: expected an answer of virsh, got: nothing',
  });
});

it('fault 81: repeats no user, no password and at most 200 characters', () => {
  const error = virshError(
    `${connecting}error: cannot reach qemu+ssh://root:canary@h/system password=canary ${'x y'.repeat(400)}\n`,
    'here',
  );
  expect(error.message).not.toContain('canary');
  expect(error.message.length).toBeLessThan(220);
});
