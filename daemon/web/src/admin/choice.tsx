// A list to choose one of, or all.

export function Choice({ label, value, onChange, options, all = 'All' }: { label: string; value: string; onChange: (value: string) => void; options: readonly string[]; all?: string }) {
  return (
    <label>
      <span class="ui-small ui-soft">{label}</span>
      <select class="ui-field" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{all}</option>
        {options.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}
