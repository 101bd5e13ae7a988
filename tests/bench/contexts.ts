import { collectManyContexts } from '#tests/support/kubernetes/many-contexts.ts';

export interface ContextFigures {
  /** Milliseconds to the rows of the first, the middle and the last of the live clusters. */
  first: number;
  middle: number;
  last: number;
  /** Open at once at most, without established watches. */
  connections: number;
}

/** Live clusters alone, and the same among dead ones: medians of alternating runs, after one that warms up. */
export async function benchContexts(
  clusters: { live: number; dead: number },
  runs: number,
): Promise<{ alone: ContextFigures; among: ContextFigures }> {
  const figures: [ContextFigures[], ContextFigures[]] = [[], []];
  for (let run = 0; run <= runs; run++)
    for (const [i, dead] of [0, clusters.dead].entries()) {
      const { rows, connections } = await collectManyContexts(clusters.live, dead, 20);
      const at = (share: number) => rows[Math.floor(share * (rows.length - 1))] ?? Number.NaN;
      if (run > 0) figures[i as 0 | 1].push({ first: at(0), middle: at(0.5), last: at(1), connections });
    }
  return { alone: medians(figures[0]), among: medians(figures[1]) };
}

function medians(runs: readonly ContextFigures[]): ContextFigures {
  const of = (key: keyof ContextFigures) =>
    runs.map((run) => run[key]).sort((a, b) => a - b)[Math.floor(runs.length / 2)] ?? Number.NaN;
  return { first: of('first'), middle: of('middle'), last: of('last'), connections: of('connections') };
}
