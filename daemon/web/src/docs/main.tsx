// Where the page /docs begins: the daemon's description of its routes, for people.

import { render } from 'preact';
import '../styles/tokens.css';
import '../styles/base.css';
import './docs.css';
import { applyTheme, watchSystemTheme } from '../state/theme.ts';
import { Docs } from './docs.tsx';
import { readDescription } from './description.ts';

applyTheme();
watchSystemTheme();
const page = document.getElementById('page');
if (page) {
  try {
    render(<Docs description={await readDescription()} />, page);
  } catch (error) {
    render(<p class="docs-problem" role="alert">The description cannot be shown: {String(error instanceof Error ? error.message : error)}</p>, page);
  }
}
