/**
 * Preloaded into each part (`node --import`): when the process that started it is killed outright, the channel between
 * them closes, and the part ends as if asked to. Without this a `kill -9` leaves a collector that holds the store.
 */
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // Listening must not keep a part alive that has nothing left to do.
  process.channel?.unref();
}
