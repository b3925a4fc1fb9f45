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

const RECONNECTION = [
  ...['reconnect', 'onreconnect', 'maybeReconnectOnOpen', 'reconnectionAttempts'],
  ...['reconnectionDelay', 'reconnectionDelayMax', 'randomizationFactor'],
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
      // There is no other transport to change to.
      ['!this.upgrading &&', ''],
      ['if (this.upgrading)', 'if (false)'],
      ['this.opts.tryAllTransports &&', 'false &&'],
      // Payloads of several packets are polling's.
      [/const shouldCheckPayloadSize =[^;]+;/g, 'const shouldCheckPayloadSize = false;'],
      // Options that the page does not give.
      [/if \(this\.opts\.(withCredentials|closeOnBeforeunload)\)/g, 'if (false)'],
    ]),
    // The page tries again by itself, and says when.
    editLibrary('socket.io-client/build/esm/manager.js', [
      [/this\.reconnectionAttempts\(opts[^]*?new Backoff\([^]*?\);/g, ''],
      ['this.backoff.reset();', ''],
      ['this.maybeReconnectOnOpen();', ''],
      ['if (this._reconnection && !this.skipReconnect)', 'if (false)'],
      ...withoutMethods(...RECONNECTION),
    ]),
    replaceFile(
      'socket.io-client/build/esm/contrib/backo2.js',
      'export const Backoff = undefined;',
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
    editLibrary('socket.io-parser/build/esm/index.js', [
      ['hasBinary(obj)', 'false'],
      ['isBinary(obj) || obj.base64', 'false'],
      [
        /\w+\.type === PacketType\.BINARY_EVENT \|\|\s+\w+\.type === PacketType\.BINARY_ACK/g,
        'false',
      ],
      ['isBinaryEvent || packet.type === PacketType.BINARY_ACK', 'false'],
      ['this.reconstructor)', 'false)'],
      ...withoutMethods('encodeAsBinary'),
    ]),
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
