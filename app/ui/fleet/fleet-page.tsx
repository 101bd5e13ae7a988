'use client';
import { useMemo, useState } from 'react';
import type { Problem, Scopes } from '#lib/api/resources.ts';
import { queryDiagnostic } from '../data/api.ts';
import { usePages } from '../data/use-pages.ts';
import { DetailPanel } from '../detail/detail-panel.tsx';
import { SummaryStrip } from '../figures/summary-strip.tsx';
import { FacetButton } from '../filter/facet-button.tsx';
import { FacetRail } from '../filter/facet-rail.tsx';
import { FilterBar } from '../filter/filter-bar.tsx';
import { groupOf } from '../filter/group-of.ts';
import { ColumnsMenu } from '../menus/columns-menu.tsx';
import { ExportMenu } from '../menus/export-menu.tsx';
import { GroupMenu } from '../menus/group-menu.tsx';
import { LostBanner } from '../shell/lost-banner.tsx';
import { useView } from '../view/view-provider.tsx';
import { Announcement } from './announcement.tsx';
import { Attention } from './attention.tsx';
import { FleetBody } from './fleet-body.tsx';
import { WhyPanel } from './lazy-parts.tsx';
import { StatusLine } from './status-line.tsx';
import { TreeButton } from './tree-button.tsx';
import { useFleetKeys } from './use-fleet-keys.ts';
import { useSums } from './use-sums.ts';
import { useTreeToggle } from './use-tree-toggle.ts';

const FIRST_PAGE: readonly number[] = [0];

/** The frame of the fleet: filter above, facets left, the list, the detail right, the truth about it below. */
export function FleetPage({ scopes, refused }: { scopes: Scopes; refused: Problem | null }) {
  const { view } = useView();
  const [wanted, setWanted] = useState(FIRST_PAGE);
  const asked = useMemo(() => ({ q: view.q, sort: view.sort }), [view.q, view.sort]);
  const pages = usePages(asked, wanted);
  const { facets, matters, sums } = useSums(pages.question.q);
  const by = groupOf(pages.question.q);
  const toggleTree = useTreeToggle();
  useFleetKeys(toggleTree);
  const [facetsShown, setFacetsShown] = useState(false);
  return (
    <main className={`fleet${view.selected === null ? '' : ' has-detail'}${facetsShown ? ' shows-facets' : ''}`}>
      <h1 className="sr-only">Fleet</h1>
      <Announcement question={pages.question} total={pages.total} />
      <div className="bar">
        <FacetButton shown={facetsShown} onToggle={setFacetsShown} />
        <FilterBar refused={queryDiagnostic(pages.error) ?? refused} />
        <TreeButton onToggle={toggleTree} />
        <GroupMenu />
        <ColumnsMenu />
        <ExportMenu />
      </div>
      <FacetRail facets={facets} scopes={scopes.scopes} onClose={() => setFacetsShown(false)} />
      <section className="middle" aria-label="List">
        <SummaryStrip total={pages.total} sums={sums} />
        <Attention matters={matters} freshness={pages.freshness} />
        <LostBanner updatedAt={pages.updatedAt} />
        {view.why && pages.updatedAt > 0 ? <WhyPanel q={pages.question.q} by={by} group={view.why.group} /> : null}
        <FleetBody pages={pages} by={by} mode={view.mode} scopes={scopes} onWant={setWanted} />
      </section>
      {view.selected === null ? null : <DetailPanel uid={view.selected} />}
      <StatusLine freshness={pages.freshness} total={pages.total} took={pages.took} />
    </main>
  );
}
