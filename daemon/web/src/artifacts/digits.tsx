// Beside numbers of which six digits are shown: with it all are, also where nothing can be pointed at.

export function DigitsButton({ hasAll, onChange }: { hasAll: boolean; onChange: (hasAll: boolean) => void }) {
  return (
    <button type="button" class="ui-button is-small" onClick={() => onChange(!hasAll)}>
      {hasAll ? 'Round the numbers' : 'Show all digits'}
    </button>
  );
}
