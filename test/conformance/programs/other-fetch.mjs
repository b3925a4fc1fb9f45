// As programs do that set options of connections which the runtime's own fetch has no way to set.
import { fetch } from 'undici';

globalThis.fetch = fetch;
