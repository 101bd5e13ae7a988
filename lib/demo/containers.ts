import { chance, hex, type Key, mix, textHash } from './time/hash.ts';
import type { Health } from './time/timeline.ts';
import type { Container, ContainerState, Pod, Template } from './types/types.ts';

interface Circumstances {
  key: Key;
  runtime: 'containerd' | 'docker';
  templates: readonly Template[];
  /** Null before its containers were created. */
  startedAt: number | null;
  scheduled: boolean;
  crashing: boolean;
  health: Health;
  badImage: boolean;
  finishedAt: number | null;
  failed: boolean;
}

/** The containers of one pod; what goes wrong goes wrong with the first one that is not an init container. */
export function makeContainers(c: Circumstances): { containers: Container[]; initContainers: Container[] } {
  const containers: Container[] = [];
  const initContainers: Container[] = [];
  for (const [index, template] of c.templates.entries()) {
    if (template.init) initContainers.push(initContainer(c, template, index));
    else containers.push(container(c, template, index, containers.length === 0));
  }
  return { containers, initContainers };
}

const waiting = (reason: string, message = ''): ContainerState => ({ type: 'waiting', reason, message });

function container(c: Circumstances, template: Template, index: number, main: boolean): Container {
  const blank = { ...template, lastState: null, ready: false, restarts: 0 };
  if (!c.scheduled || c.startedAt === null)
    return { ...blank, containerId: null, imageId: null, state: waiting(c.scheduled ? 'ContainerCreating' : '') };
  if (main && c.badImage) {
    const message = `Back-off pulling image "${template.image}"`;
    return { ...blank, containerId: null, imageId: null, state: waiting('ImagePullBackOff', message) };
  }
  const restarts = main ? c.health.restarts : 0;
  const made = {
    containerId: `${c.runtime}://${hex(64, [...c.key, index, restarts])}`,
    imageId: imageId(template.image),
  };
  const startedAt = (main && c.health.since) || c.startedAt;
  if (c.finishedAt !== null) {
    const exitCode = c.failed && main ? 1 : 0;
    const reason = exitCode === 0 ? 'Completed' : 'Error';
    return { ...blank, ...made, state: { type: 'terminated', reason, exitCode, startedAt, finishedAt: c.finishedAt } };
  }
  const lastState = main && c.health.lastReason ? ended(c.health.lastReason, c.startedAt, startedAt - 2000) : null;
  if (main && c.crashing) {
    const state = waiting('CrashLoopBackOff', `back-off 40s restarting failed container=${template.name}`);
    return { ...blank, ...made, lastState, restarts, state };
  }
  // Of some the probe fails as long as they are.
  const ready = !(main && chance(mix(...c.key, 110), 0.008));
  return { ...blank, ...made, lastState, restarts, ready, state: { type: 'running', startedAt } };
}

function ended(reason: string, startedAt: number, finishedAt: number): ContainerState {
  return { type: 'terminated', reason, exitCode: reason === 'OOMKilled' ? 137 : 1, startedAt, finishedAt };
}

function initContainer(c: Circumstances, template: Template, index: number): Container {
  const blank = { ...template, lastState: null, ready: false, restarts: 0 };
  if (!c.scheduled || c.startedAt === null)
    return { ...blank, containerId: null, imageId: null, state: waiting('PodInitializing') };
  return {
    ...blank,
    containerId: `${c.runtime}://${hex(64, [...c.key, index])}`,
    imageId: imageId(template.image),
    ready: true,
    state: {
      type: 'terminated',
      reason: 'Completed',
      exitCode: 0,
      startedAt: c.startedAt - 3000,
      finishedAt: c.startedAt - 1000,
    },
  };
}

const imageIds = new Map<string, string>();

/** The image with its digest; remembered, since a fleet has few images. */
function imageId(image: string): string {
  let id = imageIds.get(image);
  if (id === undefined) {
    if (imageIds.size > 10_000) imageIds.clear();
    id = `${image.replace(/:[^:/]*$/, '')}@sha256:${hex(64, [textHash(image), image.length])}`;
    imageIds.set(image, id);
  }
  return id;
}

/** As Kubernetes computes it: Guaranteed where every limit equals its request. */
export function qosOf(containers: readonly Container[]): Pod['qos'] {
  if (containers.every((c) => c.requests === null && c.limits === null)) return 'BestEffort';
  const full = containers.every(
    (c) => c.requests && c.limits?.cpu === c.requests.cpu && c.limits.memory === c.requests.memory,
  );
  return full ? 'Guaranteed' : 'Burstable';
}
