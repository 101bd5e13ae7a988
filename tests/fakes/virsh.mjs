#!/usr/bin/env node
// A virsh that asks a test what to say: its -c names a server on loopback, which gets the arguments and the standard input, and
// answers with what to print. Plain JavaScript, because it starts some hundred times in a run of the tests.
import { request } from 'node:http';

const args = process.argv.slice(2);
const uri = args[args.indexOf('-c') + 1] ?? '';
const [, port] = /^[a-z]+\+tcp:\/\/127\.0\.0\.1:(\d+)\//.exec(uri) ?? [];
if (port === undefined) {
  process.stderr.write('error: failed to connect to the hypervisor\nerror: no connection driver available for this\n');
  process.exit(1);
}

let input = '';
process.stdin.setEncoding('utf8');
for await (const text of process.stdin) input += text;

const env = Object.keys(process.env).sort();
const body = JSON.stringify({ args, input, env, auth: process.env.LIBVIRT_AUTH_FILE ?? null });
const post = request({ host: '127.0.0.1', port: Number(port), method: 'POST', path: '/virsh' }, (answer) => {
  answer.setEncoding('utf8');
  answer.on('data', (text) => process.stdout.write(text));
  // As libvirt's client says it when its daemon is killed.
  answer.on('error', () => {
    process.stderr.write('error: Disconnected from qemu:///system due to end of file\n');
    process.exit(1);
  });
  answer.on('end', () => {
    process.stderr.write(Buffer.from(answer.headers['x-stderr'] ?? '', 'base64').toString('utf8'));
    process.exitCode = Number(answer.headers['x-exit'] ?? 0);
  });
});
post.on('error', () => {
  process.stderr.write(
    'error: failed to connect to the hypervisor\nerror: End of file while reading data: Input/output error\n',
  );
  process.exitCode = 1;
});
post.end(body);
