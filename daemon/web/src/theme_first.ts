// Runs before the page's own script has come, so that a dark page is never white first.

import { applyTheme } from './state/theme.ts';

applyTheme();
