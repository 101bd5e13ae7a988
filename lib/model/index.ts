export * from './change.ts';
export type * from './detail.ts';
export * from './identity.ts';
export type * from './json.ts';
export * from './listing.ts';
export * from './resource.ts';
export * from './scope.ts';
export * from './state.ts';
export * from './tags.ts';
