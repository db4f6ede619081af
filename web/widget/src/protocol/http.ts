import type { SessionReply } from './link';
import type { FileRef } from './types';
import { decodeSession } from './decode';

export interface PageInfo {
    url: string;
    title: string;
    locale: string;
}

const ANSWER_MS = 15_000;

const base = (): string => new URL('./', location.href).href;

export const socketUrl = (): string => base().replace(/^http/, 'ws') + 'w/v1/ws';

/** POST /w/v1/session. Never throws. */
export async function startSession(site: string, token: string | null, page: PageInfo): Promise<SessionReply> {
    try {
        const response = await fetch(base() + 'w/v1/session', {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            credentials: 'omit',
            signal: AbortSignal.timeout(ANSWER_MS),
            body: JSON.stringify({ site, ...(token ? { token } : {}), page }),
        });
        if (response.status === 404) return { kind: 'gone' };
        if (response.status === 429) {
            const seconds = Number(response.headers.get('Retry-After'));
            return { kind: 'wait', ms: Math.min(300, Math.max(1, seconds || 15)) * 1000 };
        }
        const answer = response.ok ? decodeSession(await response.json()) : null;
        return answer ? { kind: 'ok', answer } : { kind: 'failed' };
    } catch {
        return { kind: 'failed' };
    }
}

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
