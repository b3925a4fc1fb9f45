import type { Capture, Redact } from './captured-text.ts';
import type { RequestMessage } from './request-message.ts';

/** What all calls of one monitor share. */
export interface CallContext {
  app: string;
  instance: string;
  host: string;
  demo: boolean;
  tags: readonly string[];
  capture: Capture;
  redact: Redact | undefined;
  publish(message: RequestMessage): void;
  publishProgress(message: { subject: string; payload: string }): void;
}
