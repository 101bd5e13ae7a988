import type { ReactNode } from 'react';

export type Fact = readonly [label: string, value: ReactNode] | null;

/** Labels and values; a fact that the provider does not tell is left out. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts.map((fact) =>
        fact === null ? null : (
          <div key={fact[0]}>
            <dt>{fact[0]}</dt>
            <dd>{fact[1]}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
