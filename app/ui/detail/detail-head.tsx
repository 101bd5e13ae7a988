'use client';
import type { ResourceDetail } from '#lib/api/resources.ts';
import { ProviderWord } from '../cells/provider-word.tsx';
import { StateCell } from '../cells/state-cell.tsx';
import { Icon } from '../shell/icons.tsx';
import { Foreign } from '../text/foreign.tsx';
import { TimeAgo } from '../text/time-ago.tsx';
import { safeLink } from '../text/visible.ts';
import { CopyButton } from './copy-button.tsx';

/** Name, id to copy, state; the way to the provider's console. */
export function DetailHead({ detail, onClose }: { detail: ResourceDetail; onClose(): void }) {
  const { resource, removedAt } = detail;
  const link = safeLink(resource.consoleUrl);
  return (
    <header className="detail-head">
      <div className="detail-title">
        <Icon name={resource.kind} />
        <h2>
          <Foreign text={resource.name || resource.nativeId} limit={160} />
        </h2>
        <button type="button" className="icon-button" onClick={onClose} title="Close (Esc)">
          <Icon name="close" size={14} />
          <span className="sr-only">Close the detail</span>
        </button>
      </div>
      <div className="detail-id">
        <Foreign className="mono" text={resource.nativeId} limit={120} />
        <CopyButton text={resource.nativeId} what="the id" />
      </div>
      <div className="detail-line">
        <StateCell item={resource} />
        <ProviderWord id={resource.provider} />
        {link === null ? null : (
          <a href={link} target="_blank" rel="noopener noreferrer" className="link">
            Console
            <Icon name="external" size={12} />
          </a>
        )}
      </div>
      {removedAt === null ? null : (
        <p className="removed" role="status">
          Removed <TimeAgo iso={removedAt} />: a complete listing no longer had it. What follows is its last known
          state.
        </p>
      )}
    </header>
  );
}
