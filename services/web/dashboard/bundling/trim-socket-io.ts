import type { Plugin } from 'vite';

import { replaceFile } from './edit-library.ts';

/**
 * Socket.IO's client without what only other transports and binary messages need: the page speaks JSON over websockets alone, in
 * browsers that have them.
 */
export function trimSocketIo(): Plugin[] {
  return [
    replaceFile(
      'engine.io-client/build/esm/transports/index.js',
      "import { WS } from './websocket.js';\nexport const transports = { websocket: WS };",
    ),
    replaceFile(
      'engine.io-client/build/esm/transports/polling-xhr.js',
      'export const XHR = undefined;',
    ),
    replaceFile(
      'socket.io-parser/build/esm/is-binary.js',
      'export const isBinary = () => false;\nexport const hasBinary = () => false;',
    ),
    replaceFile(
      'socket.io-parser/build/esm/binary.js',
      'export const deconstructPacket = undefined;\nexport const reconstructPacket = undefined;',
    ),
    replaceFile(
      'engine.io-parser/build/esm/contrib/base64-arraybuffer.js',
      'export const decode = undefined;',
    ),
  ];
}
