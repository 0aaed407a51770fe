// What is too large for the tab's own store, in IndexedDB, which takes as much as the disk has. Every entry belongs to one
// user and to the tab that knows its id; what a tab never asks for again goes after a while.

export interface LargeText {
  value: object;
  whose: string | null;
  at: number;
}

const store = 'texts';
const keptMs = 30 * 24 * 3_600_000;

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('assistd', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(store);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// Resolves when what `act` has asked for is on the disk.
async function inStore<T>(mode: IDBTransactionMode, act: (texts: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(store, mode);
      const request = act(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? new Error('The browser has given up its store.'));
    });
  } finally {
    database.close();
  }
}

export const putLarge = (id: string, text: LargeText): Promise<unknown> => inStore('readwrite', (texts) => texts.put(text, id));
export const readLarge = (id: string): Promise<LargeText | undefined> =>
  inStore<LargeText | undefined>('readonly', (texts) => texts.get(id) as IDBRequest<LargeText | undefined>);
export const removeLarge = (id: string): Promise<unknown> => inStore('readwrite', (texts) => texts.delete(id));
export const removeAllLarge = (): Promise<unknown> => inStore('readwrite', (texts) => texts.clear());

// What others have left here, and what nobody has come back for.
export async function sweepLarge(user: string, now: number): Promise<void> {
  await inStore('readwrite', (texts) => {
    const request = texts.openCursor();
    request.onsuccess = () => {
      const cursor = request.result;
      if (!cursor) return;
      const { whose, at } = cursor.value as LargeText;
      if ((whose !== null && whose !== user) || now - at > keptMs) cursor.delete();
      cursor.continue();
    };
    return request;
  });
}
