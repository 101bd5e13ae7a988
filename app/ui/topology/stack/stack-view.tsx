'use client';
import Link from 'next/link';
import { Fragment } from 'react';
import type { Item } from '#lib/api/resources.ts';
import type { Layer as LayerAnswer, StackAnswer } from '#lib/api/stack.ts';
import type { Link as Evidence } from '#lib/model/index.ts';
import { ProviderWord } from '../../cells/provider-word.tsx';
import { SCOPE_MARKS } from '../../cells/scope-mark.tsx';
import { StateCell } from '../../cells/state-cell.tsx';
import { useProviders } from '../../data/providers.tsx';
import { Icon } from '../../shell/icons.tsx';
import { Foreign } from '../../text/foreign.tsx';
import { rowAddress, stackAddress } from '../links/address.ts';
import { Decide } from '../links/decide.tsx';
import { LinkWords } from '../links/link-words.tsx';
import { aboveWords, endWords, isVirtualMachine, KUBEVIRT, roleOf, sizeOf } from './words.ts';

/** From what runs on it down to the lowest machine known: one layer a machine, with the evidence for its rows and for each step down. */
export function StackView({ uid, stack }: { uid: string; stack: StackAnswer }) {
  const layers = [stack.self, ...stack.below];
  const end = endWords(stack, useProviders());
  const runs = aboveWords(stack.above);
  const names = new Map(stack.above.groups.flatMap(({ items }) => items.map((item) => [item.uid, item.name])));
  return (
    <ol className="stack-layers" aria-label="Layers, from the top down">
      {runs === 'nothing' ? null : <li className="stack-above">{runs}</li>}
      {layers.map((layer, i) => {
        const upper = layers[i - 1];
        return (
          <Fragment key={layer.machine}>
            {upper ? <RunsOn upper={upper} lower={layer} links={stack.links} /> : null}
            <Layer uid={uid} layer={layer} isSelf={i === 0} links={stack.links} names={names} />
          </Fragment>
        );
      })}
      {end === null ? null : <li className="stack-end">{end}</li>}
    </ol>
  );
}

const has = ({ items }: LayerAnswer, uid: string): boolean => items.some((item) => item.uid === uid);

/** Why one layer stands on the next. */
function RunsOn({ upper, lower, links }: { upper: LayerAnswer; lower: LayerAnswer; links: readonly Evidence[] }) {
  const link = links.find(({ relation, from, to }) => relation === 'runs-on' && has(upper, from) && has(lower, to));
  return (
    <li className="runs-on">
      <span>runs on</span>
      {link ? <LinkWords link={link} /> : null}
    </li>
  );
}

interface LayerProps {
  uid: string;
  layer: LayerAnswer;
  isSelf: boolean;
  links: readonly Evidence[];
  names: ReadonlyMap<string, string>;
}

function Layer({ uid, layer, isSelf, links, names }: LayerProps) {
  const sameAs = links.filter(
    ({ relation, confidence, from, to }) =>
      relation === 'same-as' && confidence === 'certain' && has(layer, from) && has(layer, to),
  );
  return (
    <li className={`stack-layer${isSelf ? ' is-self' : ''}`} aria-current={isSelf ? 'true' : undefined}>
      <ul>
        {layer.items.map((item) => (
          <Row key={item.uid} item={item} isSelf={item.uid === uid} />
        ))}
      </ul>
      {isVirtualMachine(layer) ? <p className="same-as">{KUBEVIRT}</p> : null}
      {sameAs.map((link) => (
        <SameAs key={`${link.from} ${link.to}`} link={link} layer={layer} names={names} />
      ))}
    </li>
  );
}

function Row({ item, isSelf }: { item: Item; isSelf: boolean }) {
  const appearanceOf = useProviders();
  const name = item.name || item.nativeId;
  const old = item.scopeState === 'fresh' ? null : SCOPE_MARKS[item.scopeState].word;
  return (
    <li className="layer-row">
      <span className="kind">
        <Icon name={item.kind} />
      </span>
      <span className="layer-name">
        {isSelf ? (
          <Foreign className="name" text={name} limit={120} />
        ) : (
          <Link href={stackAddress(item.uid)} prefetch={false} className="link is-row">
            <Foreign text={name} limit={120} />
          </Link>
        )}
        <ProviderWord id={item.provider} />
      </span>
      <span className="layer-state">
        <StateCell item={item} />
        <Link href={rowAddress(item.uid)} prefetch={false} className="icon-button" title="Its details">
          <Icon name="right" size={14} />
          <span className="sr-only">Details of {name}</span>
        </Link>
      </span>
      <span className="layer-facts">
        {[roleOf(item, appearanceOf), item.type, item.zone ?? item.region, sizeOf(item), old]
          .filter((part) => part !== null && part !== '')
          .map((part) => (
            <Foreign key={part} text={String(part)} limit={60} />
          ))}
      </span>
    </li>
  );
}

type SameAsProps = { link: Evidence; layer: LayerAnswer; names: ReadonlyMap<string, string> };

/** Two rows that are one machine, why, and the way to say that they are not. */
function SameAs({ link, layer, names }: SameAsProps) {
  const appearanceOf = useProviders();
  const pair = [link.from, link.to].flatMap((uid) => layer.items.find((one) => one.uid === uid) ?? []);
  return (
    <div className="same-as">
      <span className="same-as-words">
        {layer.items.length > 2 ? (
          pair.map((item) => (
            <span key={item.uid}>
              <ProviderWord id={item.provider} /> {roleOf(item, appearanceOf)}
            </span>
          ))
        ) : (
          <span>one machine</span>
        )}
        <LinkWords link={link} names={names} />
      </span>
      <Decide
        a={link.from}
        b={link.to}
        verdicts={['split']}
        about={pair.map((item) => `${roleOf(item, appearanceOf)} ${item.name} of ${item.provider}`).join(' and ')}
      />
    </div>
  );
}
