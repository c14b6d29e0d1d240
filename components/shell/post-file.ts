/**
 * Sends a file by itself and says how far it is: fetch() does not tell how much has gone out.
 * @param onProgress told 0 to 1
 * @throws the refusal in the shape of every other, an Error when the server was not reached
 */
export function postFile(url: string, file: File, onProgress: (done: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.onerror = () => reject(new Error('offline'));
    // A refusal arrives in the shape of tRPC's own.
    request.onload = () => (request.status < 300 ? resolve() : reject({ data: request.response?.error?.data }));
    const body = new FormData();
    body.append('file', file, file.name);
    request.send(body);
  });
}
