import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Scope } from '#lib/model/index.ts';
import type { Connection } from '#providers/contract.ts';
import { libvirt } from '#providers/libvirt/index.ts';
import { findVirsh, NO_VIRSH } from '#scripts/machine/virsh.ts';
import { testClock } from '#tests/fakes/clock.ts';
import { writeTestNode } from '#tests/support/libvirt/libvirt-node.ts';

export interface LibvirtFigures {
  domains: number;
  processes: number;
  wallMs: number;
  /** CPU of the collector's side: reading, parsing, mapping. */
  oursMs: number;
  /** CPU of both virsh, where libvirt's test driver does the hypervisor's work too. */
  virshMs: number;
}

/** Lists all domains of a test driver's file once with the real virsh. @throws Error where there is none */
export async function benchLibvirt(count: number, runs: number): Promise<LibvirtFigures> {
  const virsh = findVirsh();
  if (!virsh) throw new Error(NO_VIRSH);
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-bench-'));
  try {
    const log = path.join(folder, 'times');
    const wrapper = path.join(folder, 'virsh');
    // The shell's own word for what its children took.
    writeFileSync(
      wrapper,
      `#!/bin/sh\n'${virsh}' "$@"\ncode=$?\ntimes > '${log}.one'\ntail -1 '${log}.one' >> '${log}'\nexit $code\n`,
      {
        mode: 0o755,
      },
    );
    const adapter = await libvirt.load();
    const quiet = () => undefined;
    const connection = await adapter.open(libvirt.config.parse({ uri: writeTestNode(folder, count), virsh: wrapper }), {
      source: 'bench',
      clock: testClock(),
      random: () => 0.5,
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    });
    const scope = await domainsOf(connection);
    let best: LibvirtFigures | null = null;
    for (let run = 0; run < runs; run++) {
      writeFileSync(log, '');
      const began = performance.now();
      const before = process.cpuUsage();
      let domains = 0;
      for await (const batch of connection.list(scope, { signal: new AbortController().signal }))
        domains += batch.resources.length;
      const cpu = process.cpuUsage(before);
      const lines = readFileSync(log, 'utf8').trim().split('\n');
      const figures = {
        domains,
        processes: lines.length,
        wallMs: performance.now() - began,
        oursMs: (cpu.user + cpu.system) / 1000,
        virshMs: lines.reduce((sum, line) => sum + millisOf(line), 0),
      };
      if (!best || figures.wallMs < best.wallMs) best = figures;
    }
    await connection.close();
    if (!best) throw new Error('no run');
    return best;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function domainsOf(connection: Connection): Promise<Scope> {
  for await (const scope of connection.scopes({ signal: new AbortController().signal }))
    if (scope.part !== 'host') return scope;
  throw new Error('no scope of domains');
}

/** `0m1.20s 0m0.30s`: user and system time. */
const millisOf = (line: string): number =>
  [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000,
    0,
  );
