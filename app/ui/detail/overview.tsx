'use client';
import type { ResourceDetail } from '#lib/api/resources.ts';
import { ChangeList } from './change-list.tsx';
import { Facts } from './facts.tsx';
import { factsOf } from './facts-of.tsx';
import { Identities } from './identities.tsx';
import { NotKnown } from './not-known.tsx';
import { ScopeFacts } from './scope-facts.tsx';
import { Stack } from './stack.tsx';
import { Tags } from './tags.tsx';
import { useMachine } from './use-machine.ts';

const LAST = 4;

/** What a person asks next first; then what it runs on, tags, how old all this is, and the last changes. */
export function Overview({ detail }: { detail: ResourceDetail }) {
  const { resource, scope, changes } = detail;
  const links = useMachine(resource.uid).data?.links ?? [];
  return (
    <>
      <Facts facts={factsOf(resource)} />
      <NotKnown item={resource} />
      <Stack item={resource} />
      <section>
        <h3>Tags</h3>
        <Tags tags={resource.tags} />
      </section>
      <section>
        <h3>Freshness</h3>
        <ScopeFacts scope={scope} resource={resource} />
      </section>
      {changes.length > 0 ? (
        <section>
          <h3>Changes</h3>
          <ChangeList changes={changes.slice(0, LAST)} />
        </section>
      ) : null}
      <section>
        <h3>Identities</h3>
        <Identities
          links={links}
          identities={[
            ...resource.identities,
            ...resource.aliases.map((value) => ({ type: 'alias', value })),
            { type: 'uid', value: resource.uid },
          ]}
        />
      </section>
    </>
  );
}
