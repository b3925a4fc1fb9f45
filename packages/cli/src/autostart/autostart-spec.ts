/** What is to run at each login. */
export interface AutostartSpec {
  /** The program and its arguments, without a shell. */
  command: readonly string[];
  folder: string;
  env: Readonly<Record<string, string>>;
  /** Where launchd writes what is said before the logs are open. */
  logFile: string;
}

export const SERVICE = 'llm-monitor';
export const LABEL = 'local.llm-monitor';
