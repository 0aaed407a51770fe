// Dark, light, or what the system says; kept in this browser. `isDark` is for what draws its own colours.

import { computed, signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';
const key = 'assistd.theme';

function stored(): Theme {
  const value = readStored(key);
  return value === 'light' || value === 'dark' ? value : 'system';
}

// Storage may be forbidden in this browser; then the choice lasts as long as the page.
function readStored(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export const theme = signal<Theme>(stored());
const systemIsDark = signal(matchMedia('(prefers-color-scheme: dark)').matches);
export const isDark = computed(() => (theme.value === 'system' ? systemIsDark.value : theme.value === 'dark'));

export function setTheme(wanted: Theme): void {
  theme.value = wanted;
  applyTheme();
  try {
    localStorage.setItem(key, wanted);
  } catch {
    // Not kept, see above.
  }
}

export function applyTheme(): void {
  document.documentElement.dataset.theme = theme.value;
}

export function watchSystemTheme(): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', (event) => {
    systemIsDark.value = event.matches;
  });
  // Chosen in another tab.
  addEventListener('storage', (event) => {
    if (event.key !== key) return;
    theme.value = stored();
    applyTheme();
  });
}
