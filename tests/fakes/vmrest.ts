import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Desk } from '#lib/demo/index.ts';
import * as wire from '#providers/vmware-workstation/mock/wire.ts';
import { VMRUN_LIST } from '#providers/vmware-workstation/policy.ts';
import { type FakeCloud, type FakeRequest, json, type Reply } from './server.ts';

/** The user and the password that the fake knows. */
export const USER = 'muster';
export const PASSWORD = 'correct horse';

const FAKE_VMRUN = fileURLToPath(new URL('./vmrun.mjs', import.meta.url));
const CALL = /^\/api(\/vmnet|\/vms(?:\/([A-Za-z0-9]+)(\/power|\/nic|\/nicips|\/params\/([^/]+))?)?)$/;

/** As vmrest has its errors, whose own description spells the keys small. */
export const refusal = (status: number, Code: number, Message: string): Reply => json({ Code, Message }, status);

/** A `vmrun` that asks the server of this port. */
export function vmrunFor(folder: string, port: string): string {
  const file = path.join(folder, `vmrun-${port}`);
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${FAKE_VMRUN}' ${port} "$@"\n`, { mode: 0o755 });
  return file;
}

/** What `vmrun list` prints. */
export const runningList = (paths: readonly string[]): string =>
  [`Total running VMs: ${paths.length}`, ...paths, ''].join('\n');

/** The desk of the fleet with the most VMs behind vmrest, and behind `vmrun` of the same machine. */
export function vmrestCloud(choose: (desks: readonly Desk[]) => Desk): FakeCloud {
  return {
    action({ method, path: where }) {
      if (where === '/vmrun') return VMRUN_LIST;
      const [, call, id, of, name] = CALL.exec(where) ?? [];
      if (call === undefined) return `${method} ${where}`;
      if (id === undefined) return `${method} ${call}`;
      return `${method} /vms/{id}${name === undefined ? (of ?? '') : '/params/{name}'}`;
    },
    answer(request, { fleet, now, rewrite }) {
      const desk = choose(fleet.desks());
      const rows = rewrite([...fleet.at(now()).deskVms(desk)].map(wire.rowOf));
      if (request.path === '/vmrun')
        return { body: runningList(rows.filter(({ power }) => power === 'poweredOn').map((row) => row.path)) };
      return answerVmrest(request, rows);
    },
  };
}

/** One call of vmrest over these VMs. */
export function answerVmrest({ method, path: where, headers }: FakeRequest, rows: readonly wire.VmRow[]): Reply {
  const expected = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
  if (headers.authorization !== expected) return refusal(401, 0, 'Authentication failed');
  if (headers.accept !== 'application/vnd.vmware.vmw.rest-v1+json')
    return refusal(406, 0, 'Content type was not supported');
  const [, call, id, of, name] = CALL.exec(where) ?? [];
  if (method !== 'GET' || call === undefined) return refusal(404, 0, 'No such resource');
  if (call === '/vmnet') return json(wire.networksAnswer());
  if (id === undefined) return json(wire.listAnswer(rows));
  const row = rows.find((each) => each.id === id);
  if (!row) return refusal(404, 0, 'No such resource');
  if (name !== undefined) return json(wire.paramAnswer(row, decodeURIComponent(name)));
  switch (of) {
    case '/power':
      return json(wire.powerAnswer(row));
    case '/nic':
      return json(wire.nicsAnswer(row));
    case '/nicips':
      return row.power === 'poweredOn'
        ? json(wire.addressesAnswer(row))
        : refusal(409, 0, 'The virtual machine is not powered on');
    default:
      return json(wire.settingsAnswer(row));
  }
}
