/**
 * First step of every npm script: `node scripts/bootstrap.mjs ENTRY [ARGUMENTS]`.
 *
 * Runs on whatever Node started npm, before anything is installed. So: plain JavaScript for Node 18, built-in modules
 * only. It installs what the lockfile names, then runs ENTRY (TypeScript) on the Node that the project pins through npm.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED_MAJOR = 26;
const EXIT_CONFIG = 78;

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const lockfile = path.join(root, 'package-lock.json');
const installedLockfile = path.join(root, 'node_modules', '.package-lock.json');
const stampFile = path.join(root, 'node_modules', '.muster-lockfile');
const ownNode = path.join(root, 'node_modules', '.bin', 'node');

const print = (line) => process.stderr.write(`${line}\n`);
const readText = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/** What npm wrote into node_modules is what the lockfile asks for; packages for other machines may be absent. */
function installedAsLocked() {
  if (!existsSync(installedLockfile)) return false;
  const wanted = Object.entries(JSON.parse(readFileSync(lockfile, 'utf8')).packages);
  const installed = JSON.parse(readFileSync(installedLockfile, 'utf8')).packages;
  return wanted.every(([where, { version, integrity, optional }]) => {
    const found = installed[where];
    if (where === '') return true;
    return found ? found.version === version && found.integrity === integrity : optional === true;
  });
}

function install() {
  const stamp = createHash('sha256').update(readFileSync(lockfile)).digest('hex');
  if (readText(stampFile) === stamp && existsSync(installedLockfile)) return;
  if (!installedAsLocked()) {
    print('Installing packages (npm ci) ...');
    // npm names itself to its scripts; a plain `node scripts/bootstrap.mjs` finds it on the PATH.
    const { npm_execpath: npm, npm_node_execpath: npmNode = process.execPath } = process.env;
    const [command, first] = npm ? [npmNode, [npm]] : ['npm', []];
    // Standard output belongs to ENTRY; development packages are needed to build and test, whatever NODE_ENV says.
    const options = [
      'ci',
      '--include=dev',
      '--include=optional',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ];
    const done = spawnSync(command, [...first, ...options], { cwd: root, stdio: ['ignore', 2, 2] });
    if (done.error) print(`npm could not be started: ${done.error.message}`);
    if (done.status !== 0) process.exit(done.status ?? 1);
  }
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
}

/** The Node binary to run ENTRY on. The pinned one may be absent (other platforms) or not run here (musl). */
function findNode() {
  if (existsSync(ownNode)) {
    if (realpathSync(ownNode) === realpathSync(process.execPath)) return process.execPath;
    if (spawnSync(ownNode, ['--version'], { stdio: 'ignore' }).status === 0) return ownNode;
  }
  if (Number.parseInt(process.versions.node, 10) >= NEEDED_MAJOR) return process.execPath;
  print(
    `Muster needs Node ${NEEDED_MAJOR} or newer; this is ${process.versions.node} on ${process.platform}-${process.arch}, ` +
      `and no Node for this machine comes through npm. Install Node ${NEEDED_MAJOR} (https://nodejs.org) and try again.`,
  );
  process.exit(EXIT_CONFIG);
}

function runOn(node, args) {
  const child = spawn(node, args, { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    print(`${node} could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

const [entry, ...rest] = process.argv.slice(2);
if (!entry) {
  print('usage: node scripts/bootstrap.mjs ENTRY [ARGUMENTS]');
  process.exit(64);
}
install();
const node = findNode();
const args = [path.resolve(root, entry), ...rest];
// Becoming ENTRY instead of starting it leaves one process less between a signal and who must hear it.
if (typeof process.execve === 'function' && process.platform !== 'win32') {
  process.chdir(root);
  process.execve(node, [node, ...args], process.env);
} else {
  runOn(node, args);
}
