interface SelectProps<Value extends string> {
  id: string;
  class: string;
  name?: string;
  'aria-invalid'?: boolean;
  'aria-describedby': string | undefined;
  value: Value;
  options: readonly (readonly [Value, string])[];
  onChoice: (value: Value) => void;
}

/** A field whose values are known. */
export function Select<Value extends string>({ options, onChoice, ...own }: SelectProps<Value>) {
  return (
    <select {...own} onChange={(event) => onChoice(event.currentTarget.value as Value)}>
      {options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  );
}
