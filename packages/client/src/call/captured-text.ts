import { cutText, PREVIEW_LENGTH } from '@llm-monitor/contracts/wire';

import { scrub } from './scrub.ts';

/** How much of prompts and responses leaves the app: nothing, the first 200 characters, or up to 24 KiB. */
export type Capture = 'off' | 'preview' | 'full';

/** Changes a text before it leaves the app. Called with at most what would be captured, and a little more. */
export type Redact = (text: string, kind: 'prompt' | 'response') => string;

const FULL_BYTES = 24 * 1024;

/** How many UTF-16 units of a text are worth keeping for this capture. */
export const keptLength: Record<Capture, number> = {
  off: 0,
  // Twice the preview, so that a redaction that shortens still leaves a full one.
  preview: 2 * PREVIEW_LENGTH,
  full: FULL_BYTES,
};

/** What an event may say of a text. */
export interface CapturedText {
  preview?: string;
  full?: string;
  truncated?: boolean;
}

/** Redacts and cuts a text. When the redaction throws or gives no text, nothing is said at all. */
export function captureText(
  text: string,
  kind: 'prompt' | 'response',
  options: { capture: Capture; redact: Redact | undefined; length?: number },
): CapturedText {
  const { capture, redact, length = text.length } = options;
  if (capture === 'off' || text === '') return {};
  const cut = cutText(text, keptLength[capture]);
  const kept = scrub(cut);
  let clean: unknown = kept;
  try {
    if (redact) clean = redact(kept, kind);
  } catch {
    return {};
  }
  if (typeof clean !== 'string') return {};
  const preview = cutText(clean);
  if (capture === 'preview') return { preview };
  const full = cutBytes(clean, FULL_BYTES);
  return { preview, full, truncated: full.length < clean.length || length > cut.length };
}

/** The longest beginning of a text that fits into so many bytes of UTF-8. */
function cutBytes(text: string, bytes: number): string {
  const encoded = new Uint8Array(bytes);
  const { read } = new TextEncoder().encodeInto(text, encoded);
  return text.slice(0, read);
}
