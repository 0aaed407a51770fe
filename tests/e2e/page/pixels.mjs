// What is drawn on a canvas, as numbers: taken from a screenshot, since WebGL keeps no picture after its frame.

import assert from 'node:assert/strict';

import { until } from './browser.mjs';

// Colours in a small grid, and which share of all pixels is not the background (the colour near the corner).
async function look(canvas) {
  const png = (await canvas.screenshot()).toString('base64');
  return canvas.page().evaluate(async (encoded) => {
    const image = new Image();
    image.src = `data:image/png;base64,${encoded}`;
    await image.decode();
    const copy = new OffscreenCanvas(image.width, image.height).getContext('2d');
    copy.drawImage(image, 0, 0);
    const { data } = copy.getImageData(0, 0, image.width, image.height);
    let drawn = 0;
    const hues = { violet: 0, green: 0, yellow: 0 };
    const luminances = [];
    // Inside of the mark of focus.
    const ground = data.subarray(4 * (10 * image.width + 10));
    for (let at = 0; at < data.length; at += 4) {
      const [red, green, blue] = data.subarray(at, at + 3);
      const differs = Math.abs(red - ground[0]) + Math.abs(green - ground[1]) + Math.abs(blue - ground[2]) > 24;
      if (differs) ++drawn;
      if (differs && blue > green + 15 && blue > 40) ++hues.violet;
      if (differs && green > red + 15 && green > blue + 15) ++hues.green;
      if (differs && red > blue + 50 && green > blue + 50) ++hues.yellow;
      luminances.push(Math.round(0.3 * red + 0.6 * green + 0.1 * blue));
    }
    return { drawn: drawn / (data.length / 4), hues, luminances };
  }, png);
}

function changed(one, other) {
  let different = 0;
  for (let i = 0; i < one.luminances.length; ++i) if (Math.abs(one.luminances[i] - other.luminances[i]) > 12) ++different;
  return different / one.luminances.length;
}

// What the view shows when it has come to rest: nothing changes between two looks.
async function atRest(canvas) {
  let before = await look(canvas);
  return until(async () => {
    const seen = await look(canvas);
    const rests = seen.drawn > 0.02 && seen.luminances.length === before.luminances.length && changed(before, seen) < 0.0005;
    before = seen;
    return rests && seen;
  }, 'particles drawn, and at rest');
}

// The view shows a cluster in the colours of its order, turns by keys, and comes back.
export async function turns(page, stage) {
  const canvas = stage.locator('canvas');
  const focused = () => canvas.page().evaluate(() => document.activeElement?.outerHTML.slice(0, 200));
  // Before the first look: the mark of focus is drawn too. What is not drawn yet takes no focus.
  await until(async () => {
    await canvas.focus();
    return (await focused()).startsWith('<canvas');
  }, 'the view has the keyboard');
  const first = await atRest(canvas);
  assert.ok(first.drawn < 0.9, `${first.drawn} of the view is covered`);
  for (const [hue, pixels] of Object.entries(first.hues)) assert.ok(pixels > 30, `${hue}: ${pixels} pixels`);
  assert.match(await focused(), /^<canvas/);
  for (let i = 0; i < 6; ++i) await page.keyboard.press('ArrowLeft');
  await until(async () => changed(first, await look(canvas)) > 0.01, 'the view turned');
  await page.keyboard.press('0');
  await until(async () => changed(first, await look(canvas)) < 0.004, 'the view is back');
  return first;
}

export { atRest, changed, look };
