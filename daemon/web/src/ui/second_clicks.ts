// The second click of a double click is for what the first one was for, and so is a key that is held down: what has come
// under the pointer, or got the keyboard, in between does nothing. Else a double click on Send would also stop the reply, and
// one that deletes a row the next row too. Once, for the whole page.

const acting = 'button, a[href], summary, [role=button]';

interface Acted {
  element: Element | null;
  // The same element may have come to do something else.
  name: string;
}

export function ignoreSecondClicks(): void {
  let clicked = acted(null);
  let pressed = acted(null);
  // It takes the keyboard from nothing, either.
  document.addEventListener('mousedown', (event) => {
    if (event.detail > 1 && !isSame(clickedOn(event.target), clicked)) event.preventDefault();
  }, { capture: true });
  document.addEventListener('click', (event) => {
    const now = clickedOn(event.target);
    // What keys and scripts click counts none.
    if (event.detail <= 1) clicked = now;
    else if (now.element && !isSame(now, clicked)) stop(event);
  }, { capture: true });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    const now = acted(event.target instanceof Element ? event.target : null);
    if (!event.repeat) pressed = now;
    else if (!isSame(now, pressed)) stop(event);
  }, { capture: true });
}

// Beside a dialog is on it.
function clickedOn(target: EventTarget | null): Acted {
  return acted(target instanceof HTMLDialogElement ? target : target instanceof Element ? target.closest(acting) : null);
}

function acted(element: Element | null): Acted {
  const isNamed = element?.matches(acting);
  return { element, name: isNamed ? (element?.getAttribute('aria-label') ?? element?.textContent ?? '') : '' };
}

const isSame = (one: Acted, other: Acted): boolean => one.element === other.element && one.name === other.name;

function stop(event: Event): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}
