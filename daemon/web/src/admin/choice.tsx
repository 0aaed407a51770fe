// A list to choose one of, or all.

interface ChoiceProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  options: readonly string[];
  all?: string;
  // Others, which stand behind them under a name of their own.
  others?: { label: string; options: readonly string[] };
  // What is read of an option.
  textOf?: (option: string) => string;
}

export function Choice({ label, value, onChange, options, all = 'All', others, textOf = (one) => one }: ChoiceProps) {
  return (
    <label>
      <span class="ui-small ui-soft">{label}</span>
      <select class="ui-field" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{all}</option>
        {options.map((one) => (
          <option key={one} value={one}>
            {textOf(one)}
          </option>
        ))}
        {others && others.options.length > 0 && (
          <optgroup label={others.label}>
            {others.options.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </optgroup>
        )}
      </select>
    </label>
  );
}
