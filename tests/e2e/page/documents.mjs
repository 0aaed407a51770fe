// Documents: several at once, one that cannot be read, one whose upload is lost on the way, one that is deleted after all.

import assert from 'node:assert/strict';

import { accessible, becomes, call, run, shot, undoIsPatient, until } from './browser.mjs';

const file = (name, text) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text, 'latin1') });
const names = async () => (await call('GET', '/documents?limit=100')).documents.map((one) => one.name).sort();

// A PDF with a line on each page.
function pdf(lines) {
  const objects = ['<< /Type /Catalog /Pages 2 0 R >>', `<< /Type /Pages /Count ${lines.length} /Kids [${lines.map((_, i) => `${4 + 2 * i} 0 R`).join(' ')}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'];
  for (const [i, line] of lines.entries()) {
    const stream = `BT /F1 12 Tf 72 700 Td (${line}) Tj ET`;
    objects.push(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + 2 * i} 0 R >>`,
      `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`);
  }
  let text = '%PDF-1.4\n';
  const places = objects.map((object, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')}`;
  return `${text}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
}

await run('documents', async (browser) => {
  const page = await browser.page({ path: '/documents' });
  await undoIsPatient(page);
  const row = (name) => page.locator('.document', { hasText: name });
  const add = (...files) => page.setInputFiles('input[aria-label^="Files to add"]', files);
  await add(file('one.md', '# One\n\nSoot forms chains.'), file('two.txt', 'Silica forms clusters.'), file('three.csv', 'a,b\n1,2\n'),
    file('fake.png', '\x89PNG\r\n\x1a\n'), file('empty.txt', ''));
  for (const name of ['one.md', 'two.txt', 'three.csv']) await page.locator('.document[data-status=completed]', { hasText: name }).waitFor();
  await row('fake.png').getByText('is a picture').waitFor();
  await row('empty.txt').getByText('This file is empty.').waitFor();
  await shot(page, 'documents-1-added');
  await row('empty.txt').getByRole('button', { name: /^Take empty\.txt off/ }).click();
  await row('empty.txt').waitFor({ state: 'detached' });

  // A large one that is no text is not sent at all.
  await add({ name: 'noise.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(1_500_000) });
  await row('noise.bin').getByText('so it was not sent').waitFor();
  await becomes(() => row('noise.bin').getByRole('button', { name: 'Try again' }).count(), 0);
  await row('noise.bin').getByRole('button', { name: /^Take noise\.bin off/ }).click();

  // Dropped as well as chosen.
  const dropped = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['Dropped from the desk.'], 'dropped.txt', { type: 'text/plain' }));
    return transfer;
  });
  await page.dispatchEvent('.documents-view', 'drop', { dataTransfer: dropped });
  await page.locator('.document[data-status=completed]', { hasText: 'dropped.txt' }).waitFor();

  // The connection breaks in the middle: the file stays and is sent again.
  browser.allow(/ERR_CONNECTION_RESET/);
  await page.route('**/documents?name=lost.txt', (route) => route.abort('connectionreset'));
  await add(file('lost.txt', 'Lost and found.'));
  await row('lost.txt').getByRole('button', { name: 'Try again' }).waitFor();
  await shot(page, 'documents-2-lost');
  await until(async () => !(await names()).includes('lost.txt'), 'the lost one not being there');
  await page.unroute('**/documents?name=lost.txt');
  await row('lost.txt').getByRole('button', { name: 'Try again' }).click();
  await page.locator('.document[data-status=completed]', { hasText: 'lost.txt' }).waitFor();

  await page.getByRole('main').getByRole('searchbox').fill('which material forms clusters');
  await page.keyboard.press('Enter');
  const passage = page.getByRole('list', { name: 'Passages' }).getByRole('listitem').filter({ hasText: 'two.txt' });
  await passage.locator('mark', { hasText: 'clusters' }).waitFor();
  await shot(page, 'documents-3-found');
  // The document opens at the passage, however far down it is.
  await add(file('long.txt', `${Array.from({ length: 900 }, (_, i) => `Paragraph ${i} is about nothing.`).join('\n\n')}\n\nQuartz melts late.\n`));
  await page.locator('.document[data-status=completed]', { hasText: 'long.txt' }).waitFor();
  await page.getByRole('main').getByRole('searchbox').fill('when does quartz melt');
  await page.keyboard.press('Enter');
  // Where the words are, is what is shown of it.
  const hit = page.getByRole('list', { name: 'Passages' }).locator('mark', { hasText: 'Quartz' });
  await until(() => hit.evaluate((mark) => mark.getBoundingClientRect().bottom < mark.closest('blockquote').getBoundingClientRect().bottom), 'what is found in view');
  await page.getByRole('list', { name: 'Passages' }).getByRole('button', { name: 'long.txt' }).first().click();
  const place = page.getByRole('dialog').locator('mark', { hasText: /^Quartz$/ });
  await place.waitFor();
  assert.match(await page.getByRole('dialog').locator('.document-passage').innerText(), /Quartz melts late/);
  await until(() => place.evaluate((mark) => mark.getBoundingClientRect().bottom > 0 && mark.getBoundingClientRect().top < innerHeight), 'the passage in view');
  await shot(page, 'documents-4-passage');
  await page.keyboard.press('Escape');
  // So does one that the browser cannot show as text: what was read of it, at the passage, and the file beside it.
  await add({ name: 'furnace.pdf', mimeType: 'application/pdf', buffer: Buffer.from(pdf(['The first page is empty talk.', 'The furnace is lined with zirconia.'])) });
  await page.locator('.document[data-status=completed]', { hasText: 'furnace.pdf' }).waitFor();
  await page.getByText(/^8 documents · 1 not readable$/).waitFor();
  await page.getByRole('main').getByRole('searchbox').fill('what is the furnace lined with');
  await page.keyboard.press('Enter');
  await page.getByRole('list', { name: 'Passages' }).getByRole('button', { name: 'furnace.pdf' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('.document-passage', { hasText: 'lined with zirconia' }).waitFor();
  await shot(page, 'documents-5-pdf');
  await accessible(page, 'a passage of a PDF');
  await dialog.getByRole('button', { name: 'File', exact: true }).click();
  await dialog.getByRole('link', { name: 'Open in a tab of its own' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('main').getByRole('searchbox').fill('xylophone');
  await page.keyboard.press('Enter');
  await page.getByText('No document says anything about “xylophone”.').waitFor();

  await row('two.txt').getByRole('button', { name: 'Delete two.txt' }).click();
  await row('two.txt').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await row('two.txt').waitFor();
  await row('fake.png').getByRole('button', { name: 'Delete fake.png' }).click();
  await page.close();
  await until(async () => !(await names()).includes('fake.png'), 'the deleted document is gone');
  await becomes(() => names(), ['dropped.txt', 'furnace.pdf', 'long.txt', 'lost.txt', 'one.md', 'three.csv', 'two.txt']);
});
