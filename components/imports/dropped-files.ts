import { isTableName } from '@/domain/imports/uploads';

/** A folder of more files is no export. */
const mostFiles = 1000;
/** Of a folder only what is called like a table: pictures and papers beside them are none. */
const isWanted = (name: string) => !name.startsWith('.') && isTableName(name);

/** The files that were dropped, those in folders included. Must be called while the drop is handled: later the data is gone. */
export async function droppedFiles(data: DataTransfer): Promise<File[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry());
  if (entries.every((entry) => entry === null)) return chosenFiles(data.files);
  const files: File[] = [];
  for (const entry of entries) if (entry) await gather(entry, files);
  return files;
}

/** The files of a picker, which says of those in a folder where they lie. */
export const chosenFiles = (files: FileList | null): File[] =>
  [...(files ?? [])]
    .filter(({ name, webkitRelativePath }) => webkitRelativePath === '' || isWanted(name))
    .slice(0, mostFiles);

async function gather(entry: FileSystemEntry, files: File[], within = false): Promise<void> {
  if (files.length >= mostFiles) return;
  if (isFile(entry) && (!within || isWanted(entry.name)))
    files.push(await new Promise<File>((resolve, reject) => entry.file(resolve, reject)));
  if (!isFolder(entry)) return;
  const reader = entry.createReader();
  // A hundred at a time; an empty answer is the end.
  for (let some = await next(reader); some.length > 0; some = await next(reader))
    for (const each of some) await gather(each, files, true);
}

const next = (reader: FileSystemDirectoryReader) =>
  new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
