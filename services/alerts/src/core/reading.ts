/** What a value is of: `{ "model": "llama3.2" }`. */
export type Subject = Readonly<Record<string, string>>;

/** One value of one subject. */
export interface Reading {
  of: Subject;
  /** null: there is none. */
  value: number | null;
  /** It cannot be told now, through no fault of the subject's: all stays as it was. */
  isHeld?: boolean;
}

/** What is known of a metric at one moment, subject by subject. */
export interface Readings {
  readings: readonly Reading[];
  /** The value of a subject that is not among them; default: none. */
  absent?: number | null;
}
