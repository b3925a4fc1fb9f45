import type { DeadLetterReason } from '../events/dead-letter.ts';
import type { RequestEventKind } from '../events/request.ts';

/** A name as one subject token: `A-Z a-z 0-9 - _` stay, every other character becomes `_`. True names are in the body. */
export function subjectToken(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, '_') || '_';
}

/** Subject builders. Names are made into tokens here. */
export const subjects = {
  request: (kind: RequestEventKind, app: string, model: string): string =>
    `llm.request.${kind}.${subjectToken(app)}.${subjectToken(model)}`,
  progress: (app: string, model: string): string =>
    `llm.progress.${subjectToken(app)}.${subjectToken(model)}`,
  heartbeat: (app: string, instance: string): string =>
    `llm.app.heartbeat.${subjectToken(app)}.${subjectToken(instance)}`,
  hostSampled: (host: string): string => `llm.host.sampled.${subjectToken(host)}`,
  hostUnseenActivity: (host: string): string => `llm.host.unseen-activity.${subjectToken(host)}`,
  modelsListed: (host: string): string => `llm.models.listed.${subjectToken(host)}`,
  modelLoaded: (host: string, model: string): string =>
    `llm.models.loaded.${subjectToken(host)}.${subjectToken(model)}`,
  modelUnloaded: (host: string, model: string): string =>
    `llm.models.unloaded.${subjectToken(host)}.${subjectToken(model)}`,
  alert: (what: 'fired' | 'resolved', rule: string): string =>
    `llm.alert.${what}.${subjectToken(rule)}`,
  verdict: (what: 'raised' | 'cleared', app: string, model: string): string =>
    `llm.verdict.${what}.${subjectToken(app)}.${subjectToken(model)}`,
  botSampled: (bot: string): string => `llm.bot.sampled.${subjectToken(bot)}`,
  botTrade: (bot: string): string => `llm.bot.trade.${subjectToken(bot)}`,
  /** What a `nats` channel tells, ready to be shown; tokens that somebody chose may stand behind it. */
  alertNotified: (channel: string): string => `llm.alert.notified.${subjectToken(channel)}`,
  deadLetter: (reason: DeadLetterReason): string => `llm.dead-letter.${reason}`,
  cancel: (app: string, instance: string): string =>
    `llm.control.cancel.${subjectToken(app)}.${subjectToken(instance)}`,
  /** All cancel commands for one instance that calls for several apps: an agent. */
  cancelOfAnyApp: (instance: string): string => `llm.control.cancel.*.${subjectToken(instance)}`,
} as const;

/** One collector is asked on it to delete what is kept. */
export const DELETE_SUBJECT = 'llm.control.delete';

/** One of the alerts is asked on it what a rule would do now. */
export const ALERT_PREVIEW_SUBJECT = 'llm.control.alert-preview';
/** One of the alerts is asked on it to try a channel. */
export const ALERT_TEST_SUBJECT = 'llm.control.alert-test';

/** Asked on it, whoever plays demo traffic answers until when, and can be told to stop. */
export const DEMO_SUBJECT = 'llm.control.demo';
/** The apps that the demo plays. */
export const DEMO_APP_NAMES = ['background', 'generator', 'optimizer'] as const;
export type DemoAppName = (typeof DEMO_APP_NAMES)[number];

/** Said on core NATS every few seconds while somebody looks at a dashboard: agents then sample more often. */
export const WATCHED_SUBJECT = 'llm.control.watched';
/** How often it is said, and how long it holds; ms. */
export const WATCHED_EVERY_MS = 5000;
export const WATCHED_FOR_MS = 15_000;

/** Everything that is progress, for those who follow running calls. */
export const ALL_PROGRESS = 'llm.progress.>';

/** What a request event's subject says. The app is taken from here, since NATS guards subjects and not bodies. */
export interface RequestSubject {
  kind: RequestEventKind;
  app: string;
}

const REQUEST_SUBJECT =
  /^llm\.request\.(started|first-token|completed|failed|cancelled)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+$/;

/** Reads `llm.request.<kind>.<app>.<model>`; undefined when it is none. */
export function parseRequestSubject(subject: string): RequestSubject | undefined {
  const match = REQUEST_SUBJECT.exec(subject);
  if (!match) return undefined;
  return { kind: match[1] as RequestEventKind, app: match[2] as string };
}
