// What the web service and the dashboard say to each other. Types, and small pure functions: no schema library, since browsers load it.
export * from './live.ts';
