/** Of which model, app and host; one that is not named may be any. */
export interface Names {
  model?: string;
  app?: string;
  host?: string;
}

/** Is it of the model, the app and the host that are named? */
export function hasNames(
  of: { model: string; app: string; host: string | null },
  { model, app, host }: Names,
): boolean {
  return (
    (model === undefined || of.model === model) &&
    (app === undefined || of.app === app) &&
    (host === undefined || of.host === host)
  );
}
