import { kubernetesCloud } from '#tests/fakes/kubernetes.ts';
import { kubernetesCase } from './kubernetes-case.ts';
import { describeAdapter } from './provider-suite.ts';

describeAdapter(kubernetesCase(kubernetesCloud));
