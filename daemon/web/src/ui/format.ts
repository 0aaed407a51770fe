// Numbers, sizes and times as people read them.

export function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

// Made once: to make one takes longer than to write a hundred times with it.
function writer(options: Intl.DateTimeFormatOptions): (iso: string) => string {
  let made: Intl.DateTimeFormat | undefined;
  return (iso) => (made ??= new Intl.DateTimeFormat(undefined, options)).format(new Date(iso));
}

export const timeText = writer({ dateStyle: 'medium', timeStyle: 'short' });
// Without the year, for lists.
export const shortTime = writer({ month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' });
const monthText = writer({ month: 'long', year: 'numeric' });

// Under which heading a day stands in a list that begins with the newest.
export function dayGroup(iso: string, now: Date = new Date()): string {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const day = 86_400_000;
  const time = new Date(iso).getTime();
  if (time >= midnight) return 'Today';
  if (time >= midnight - day) return 'Yesterday';
  if (time >= midnight - 7 * day) return 'Last 7 days';
  if (time >= midnight - 30 * day) return 'Last 30 days';
  return monthText(iso);
}

export const percentText = (fraction: number): string => `${Math.round(Math.min(1, Math.max(0, fraction)) * 100)} %`;
