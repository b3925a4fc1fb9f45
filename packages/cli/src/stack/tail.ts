const MAX_CHARS = 8000;
const MAX_LINES = 20;

/** Keeps the end of what a program wrote, to show when it fails. */
export function createTail(): { add(text: string): void; text(): string } {
  let kept = '';
  return {
    add(text) {
      kept = (kept + text).slice(-MAX_CHARS);
    },
    text: () => lastLines(kept, MAX_LINES),
  };
}

/** The last lines of a text, without the empty ones at its end. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
