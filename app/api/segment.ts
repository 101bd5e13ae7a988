/** A path segment as it was meant: Next leaves it encoded where it holds an escaped slash. */
export function decodedSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
