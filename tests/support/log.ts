import type { Logger } from '#lib/runtime/logger.ts';

/** For what logs beside what a test is about. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
