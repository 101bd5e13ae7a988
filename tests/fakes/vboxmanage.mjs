#!/usr/bin/env node
// A VBoxManage that asks a test what to say: the server of its first argument gets the others, and answers with what to print. A test puts
// a script of two lines on the PATH that runs it. Plain JavaScript, because it starts some hundred times in a run of the tests.
import { request } from 'node:http';

const [port, ...args] = process.argv.slice(2);
const body = JSON.stringify({ args, env: Object.keys(process.env).sort(), locale: process.env.LC_ALL ?? null });
const post = request({ host: '127.0.0.1', port: Number(port), method: 'POST', path: '/vboxmanage' }, (answer) => {
  answer.on('data', (bytes) => process.stdout.write(bytes));
  // As when VBoxSVC is killed.
  answer.on('error', () => {
    process.stderr.write('VBoxManage: error: Code NS_ERROR_CALL_FAILED (0x800706be) - Call to remote object failed\n');
    process.exit(1);
  });
  answer.on('end', () => {
    process.stderr.write(Buffer.from(answer.headers['x-stderr'] ?? '', 'base64').toString('utf8'));
    process.exitCode = Number(answer.headers['x-exit'] ?? 0);
  });
});
post.on('error', () => {
  process.stderr.write('VBoxManage: error: Failed to create the VirtualBox object!\n');
  process.exitCode = 1;
});
post.end(body);
