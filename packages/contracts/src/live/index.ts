// What the web service and those who follow it say to each other, and what the followers make of it. Types, and small pure functions: no
// schema library, since browsers load it.
export { applyFrame, type AppliedFrame, type FrameVerdict } from './apply-frame.ts';
export * from './live.ts';
export * from './live-state.ts';
