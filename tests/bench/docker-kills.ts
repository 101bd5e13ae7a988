import { startEngine } from '#tests/support/docker/docker-engine.ts';
import { killContainers } from '#tests/support/docker/docker-kills.ts';

/** Milliseconds from the call to kill to the committed row. */
export interface KillFigures {
  kills: number;
  lost: number;
  p50: number;
  p95: number;
  longest: number;
  /** p95 from the engine's answer to the call on: what is ours. */
  ours: number;
}

/** Kills containers of a real Docker Engine, four at a time, with four busy loops beside it. */
export async function benchDockerKills(count: number): Promise<KillFigures> {
  const engine = await startEngine();
  try {
    const hostConfig = { NetworkMode: 'none' };
    const { took, after, lost } = await killContainers(engine, { count, atOnce: 4, busy: 4, hostConfig });
    const at = (all: readonly number[], share: number) => all[Math.floor(share * (all.length - 1))] ?? Number.NaN;
    return { kills: count, lost, p50: at(took, 0.5), p95: at(took, 0.95), longest: at(took, 1), ours: at(after, 0.95) };
  } finally {
    await engine.stop();
  }
}
