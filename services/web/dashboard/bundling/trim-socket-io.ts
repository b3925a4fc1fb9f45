import type { Plugin } from 'vite';

import { editLibrary, replaceFile, withoutMethods } from './edit-library.ts';

/** The live client emits, listens, connects and disconnects. */
const NEVER_CALLED = [
  ...['send', 'emitWithAck', '_addToQueue', 'compress', 'timeout'],
  ...['onAny', 'prependAny', 'offAny', 'listenersAny'],
];
const NEVER_CALLED_OUTGOING = [
  ...['onAnyOutgoing', 'prependAnyOutgoing', 'offAnyOutgoing', 'listenersAnyOutgoing'],
];

/**
 * Socket.IO's client without what only other transports and binary messages need: the page speaks JSON over websockets alone, in
 * browsers that have them.
 */
export function trimSocketIo(): Plugin[] {
  return [
    editLibrary('engine.io-client/build/esm/socket.js', [
      ['this._filterUpgrades(data.upgrades)', '[]'],
      ['this._probe(this._upgrades[i]);', ''],
      ...withoutMethods('_probe', '_filterUpgrades'),
    ]),
    // The page tries again by itself, and says when.
    editLibrary(
      'socket.io-client/build/esm/manager.js',
      withoutMethods('reconnect', 'onreconnect'),
    ),
    editLibrary(
      'socket.io-client/build/esm/socket.js',
      withoutMethods(...NEVER_CALLED, ...NEVER_CALLED_OUTGOING),
    ),
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
