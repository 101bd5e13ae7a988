#!/usr/bin/env node
// A vmrun that asks a test what to say: its first argument is a port on loopback, whose server gets the others and answers with what to
// print. Plain JavaScript, because it is started by a script of the test.
import { request } from 'node:http';

const [port, ...args] = process.argv.slice(2);
const body = JSON.stringify({ args, env: Object.keys(process.env).sort() });
const post = request({ host: '127.0.0.1', port: Number(port), method: 'POST', path: '/vmrun' }, (answer) => {
  answer.setEncoding('utf8');
  answer.on('data', (text) => process.stdout.write(text));
  answer.on('end', () => {
    process.exitCode = Number(answer.headers['x-exit'] ?? 0);
  });
});
post.on('error', () => {
  process.stdout.write('Error: Unable to connect to host.\n');
  process.exitCode = 255;
});
post.end(body);
