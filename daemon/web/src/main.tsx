// Where the page begins.

import { render } from 'preact';
import './styles/tokens.css';
import './styles/base.css';
import './styles/ui.css';
import { refuseDroppedFiles } from './chat/dropped_files.ts';
import { App } from './shell/app.tsx';
import { watchWidth } from './state/shell.ts';
import { watchAddress } from './state/route.ts';
import { askWhoIAm, watchLogin } from './state/session.ts';
import { restoreLarge, tellBy } from './state/tab_store.ts';
import { showError } from './state/toasts.ts';
import { applyTheme, watchSystemTheme } from './state/theme.ts';
import { finishWhenLeaving } from './state/undoable.ts';
import { keepFocus } from './ui/kept_focus.ts';
import { ignoreSecondClicks } from './ui/second_clicks.ts';

applyTheme();
watchSystemTheme();
tellBy(showError);
void askWhoIAm();
watchAddress();
watchWidth();
watchLogin();
finishWhenLeaving();
keepFocus();
ignoreSecondClicks();
refuseDroppedFiles();
const page = document.getElementById('page');
function draw(): void {
  if (!page) return;
  page.replaceChildren();
  render(<App />, page);
}
const restoring = restoreLarge();
if (restoring) void restoring.then(draw);
else draw();
