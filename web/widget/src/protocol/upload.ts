import { base } from './http';
import type { FileRef } from './types';

export type UploadResult = { kind: 'ok'; file: FileRef } | { kind: 'refused'; status: number } | { kind: 'failed' };

/** POST /w/v1/up, with progress from 0 to 1. Aborting the signal ends in "failed". */
export function upload(
    file: Blob, id: string, name: string, token: string, signal: AbortSignal, progress: (part: number) => void,
): Promise<UploadResult> {
    return new Promise((resolve) => {
        const request = new XMLHttpRequest();
        request.open('POST', base() + 'w/v1/up');
        request.setRequestHeader('Authorization', 'Bearer ' + token);
        request.setRequestHeader('X-Upload-Id', id);
        request.setRequestHeader('X-File-Name', encodeURIComponent(name));
        request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
        request.upload.onprogress = (e) => progress(e.total ? e.loaded / e.total : 0);
        request.onload = () => {
            if (request.status !== 200 && request.status !== 201) {
                const again = request.status >= 500 || request.status === 429;
                resolve(again ? { kind: 'failed' } : { kind: 'refused', status: request.status });
                return;
            }
            try {
                const answer = JSON.parse(request.responseText) as Partial<FileRef>;
                resolve({
                    kind: 'ok',
                    file: {
                        id: String(answer.id ?? id),
                        name: String(answer.name ?? name),
                        mime: String(answer.mime ?? file.type),
                        size: Number(answer.size ?? file.size),
                    },
                });
            } catch {
                resolve({ kind: 'failed' });
            }
        };
        request.onerror = request.ontimeout = request.onabort = () => resolve({ kind: 'failed' });
        signal.addEventListener('abort', () => request.abort());
        request.send(file);
    });
}
