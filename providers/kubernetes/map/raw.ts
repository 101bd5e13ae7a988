/**
 * What the mapping reads of the API's JSON, https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.36/.
 * A claim, not a check: every field may be missing or of another type, and the mapping answers for that.
 */
export interface RawOwner {
  apiVersion?: string;
  kind?: string;
  name?: string;
  uid?: string;
  controller?: boolean;
}

export interface RawMeta {
  name?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  labels?: Record<string, string> | null;
  annotations?: Record<string, string> | null;
  creationTimestamp?: string | null;
  deletionTimestamp?: string | null;
  ownerReferences?: RawOwner[] | null;
}

/** Any object of the API; all that a metadata-only list holds. */
export interface RawObject {
  metadata?: RawMeta;
}

export interface RawContainer {
  name?: string;
  image?: string;
  imagePullPolicy?: string;
  restartPolicy?: string;
  resources?: { requests?: Record<string, string> | null; limits?: Record<string, string> | null };
  ports?: unknown;
  volumeMounts?: unknown;
  securityContext?: unknown;
  env?: unknown;
}

export interface RawContainerState {
  waiting?: { reason?: string; message?: string } | null;
  running?: { startedAt?: string } | null;
  terminated?: { reason?: string; exitCode?: number; signal?: number; startedAt?: string; finishedAt?: string } | null;
}

export interface RawContainerStatus {
  name?: string;
  state?: RawContainerState | null;
  lastState?: RawContainerState | null;
  ready?: boolean;
  started?: boolean;
  restartCount?: number;
  image?: string;
  imageID?: string;
  containerID?: string;
}

export interface RawCondition {
  type?: string;
  status?: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string | null;
}

export interface RawPod extends RawObject {
  spec?: {
    containers?: RawContainer[] | null;
    initContainers?: RawContainer[] | null;
    ephemeralContainers?: RawContainer[] | null;
    nodeName?: string;
    nodeSelector?: Record<string, string> | null;
    os?: { name?: string } | null;
    runtimeClassName?: string | null;
    serviceAccountName?: string;
    priorityClassName?: string;
    restartPolicy?: string;
    schedulerName?: string;
    hostNetwork?: boolean;
    hostPID?: boolean;
    hostIPC?: boolean;
    volumes?: unknown;
    tolerations?: unknown;
  };
  status?: {
    phase?: string;
    reason?: string;
    message?: string;
    conditions?: RawCondition[] | null;
    podIP?: string;
    podIPs?: { ip?: string }[] | null;
    hostIP?: string;
    qosClass?: string;
    startTime?: string | null;
    containerStatuses?: RawContainerStatus[] | null;
    initContainerStatuses?: RawContainerStatus[] | null;
    ephemeralContainerStatuses?: RawContainerStatus[] | null;
  };
}

export interface RawNode extends RawObject {
  spec?: { podCIDRs?: unknown; providerID?: string; unschedulable?: boolean; taints?: unknown };
  status?: {
    capacity?: Record<string, string> | null;
    allocatable?: Record<string, string> | null;
    conditions?: RawCondition[] | null;
    addresses?: { type?: string; address?: string }[] | null;
    nodeInfo?: Record<string, unknown> | null;
  };
}

export interface RawRuntimeClass extends RawObject {
  handler?: string;
}

/** A page of a list whose `items` were seen to be a list and whose version was seen to be a text. */
export interface RawList<T> {
  items: T[];
  resourceVersion: string;
  next: string | undefined;
}

export interface RawEvent {
  type: string;
  object: RawObject & { kind?: string; code?: number; reason?: string; message?: string };
}
