import { kubernetesCloud } from '#tests/fakes/kubernetes.ts';
import { describeAdapter } from '../provider-suite.ts';
import { kubernetesCase } from './kubernetes-case.ts';

describeAdapter(kubernetesCase(kubernetesCloud));
