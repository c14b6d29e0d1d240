import type { Page } from 'playwright-core';

/** What a browser keeps of the product: by name, and everything that lies in its databases as one text. */
export function kept(of: Page): Promise<{ names: string[]; text: string }> {
  return of.evaluate(async () => {
    const parts: unknown[] = [];
    const databases = (await indexedDB.databases()).map(({ name = '' }) => name);
    for (const name of databases) {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      for (const store of db.objectStoreNames) {
        parts.push(
          await new Promise((resolve) => {
            const request = db.transaction(store).objectStore(store).getAll();
            request.onsuccess = () => resolve(request.result);
          }),
        );
      }
      db.close();
    }
    const caches_ = await caches.keys();
    const mark = document.cookie.includes('guanxi.mark=') ? ['mark'] : [];
    const workers = (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope);
    const local = Object.keys(localStorage).filter((key) => key.startsWith('guanxi'));
    return { names: [...databases, ...caches_, ...mark, ...workers, ...local], text: JSON.stringify(parts) };
  });
}
