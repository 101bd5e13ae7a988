import type { Provider } from './contract.ts';

/** Every provider: one folder and one line here. Manifests are plain data; SDKs load with the first source that needs one. */
export const registry = {} as const satisfies Record<string, Provider<never>>;

export type ProviderId = keyof typeof registry;
