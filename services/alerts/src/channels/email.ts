import { SendError } from '../core/delivery/send-error.ts';
import { cleanText } from '../core/message/clean-text.ts';
import { headLine, plainText } from '../core/message/plain-text.ts';
import { defineChannel, type ChannelIo } from './define-channel.ts';
import { mailHtml } from './mail-html.ts';

const STEP_TIMEOUT_MS = 10_000;
const DAY_PRIORITY = { critical: 'high', warning: 'normal', info: 'low' } as const;

/** E-mail, by an SMTP server that takes it. */
export const email = defineChannel({
  kind: 'email',
  title: { en: 'E-mail', it: 'E-mail' },
  description: {
    en: 'Mail to one or more addresses, by an SMTP server.',
    it: 'Posta a uno o più indirizzi, con un server SMTP.',
  },
  fields: {
    host: {
      destination: true,
      ...{ type: 'string', required: true, maxLength: 253, pattern: '^[A-Za-z0-9.:_-]+$' },
      title: { en: 'SMTP server', it: 'Server SMTP' },
      example: 'smtp.example.com',
    },
    port: {
      destination: true,
      ...{ type: 'integer', minimum: 1, maximum: 65_535, default: 587 },
      title: { en: 'Port', it: 'Porta' },
      hint: {
        en: '587 with STARTTLS, 465 with TLS.',
        it: '587 con STARTTLS, 465 con TLS.',
      },
    },
    // Without encryption everybody on the way is where secrets go.
    security: {
      destination: true,
      type: 'string',
      enum: ['starttls', 'tls', 'none'],
      default: 'starttls',
      title: { en: 'Encryption', it: 'Cifratura' },
      choices: {
        starttls: { en: 'STARTTLS', it: 'STARTTLS' },
        tls: { en: 'TLS from the start', it: 'TLS dall’inizio' },
        none: { en: 'none: only on this machine', it: 'nessuna: solo su questa macchina' },
      },
    },
    user: {
      ...{ type: 'string', maxLength: 256 },
      title: { en: 'User', it: 'Utente' },
      hint: { en: 'Where the server asks for one.', it: 'Se il server lo richiede.' },
    },
    password: {
      ...{ type: 'string', secret: true, maxLength: 1024 },
      title: { en: 'Password', it: 'Password' },
    },
    from: {
      ...{ type: 'string', form: 'email', required: true, maxLength: 254 },
      title: { en: 'From', it: 'Da' },
      example: 'monitor@example.com',
    },
    to: {
      ...{ type: 'string', form: 'emails', required: true, maxLength: 2000 },
      title: { en: 'To', it: 'A' },
      hint: { en: 'Several with commas between them.', it: 'Più indirizzi separati da virgole.' },
      example: 'ops@example.com',
    },
  },
  async send(message, settings, io) {
    const { host, port, security, user, password } = settings;
    // Loaded when the first mail goes out: most have no such channel, and would hold it for ever.
    const { createTransport } = await import('nodemailer');
    const connection = await io.connect(host, port);
    const transport = createTransport({
      ...{ host, port, secure: security === 'tls' },
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
      ...{ connectionTimeout: STEP_TIMEOUT_MS, greetingTimeout: STEP_TIMEOUT_MS },
      ...{ socketTimeout: STEP_TIMEOUT_MS, disableFileAccess: true, disableUrlAccess: true },
      connection,
    });
    try {
      const info = await transport.sendMail({
        from: { name: 'LLM Monitor', address: settings.from },
        to: settings.to.split(',').map((address) => address.trim()),
        subject: headLine(message),
        text: plainText(message),
        html: mailHtml(message),
        // The same at each attempt: mail programs show it once.
        messageId: `<${message.id}@llm-monitor>`,
        date: new Date(message.atMs),
        priority: message.what === 'resolved' ? 'normal' : DAY_PRIORITY[message.severity],
        headers: { 'Auto-Submitted': 'auto-generated' },
        signal: io.signal,
      });
      return sayOf(info);
    } catch (error) {
      throw toSendError(error, io);
    } finally {
      transport.close();
      connection.destroy();
    }
  },
});

function sayOf({ response, rejected }: { response: string; rejected: unknown[] }): string {
  const said = cleanText(response, 200);
  if (rejected.length === 0) return said;
  return `${said}; not taken for ${rejected.map((one) => cleanText(String(one))).join(', ')}`;
}

function toSendError(error: unknown, { signal }: ChannelIo): SendError {
  if (error instanceof SendError) return error;
  if (signal.aborted) return new SendError('The server did not answer in time', { cause: error });
  const { code, permanent, message } = error as Error & { code?: string; permanent?: boolean };
  return new SendError(cleanText(message, 300), {
    // No credentials although the server wants some: settings have to change.
    permanent: permanent ?? (code === 'EAUTH' || code === 'EENVELOPE'),
    cause: error,
  });
}
