import type { SessionReply } from './link';
import { decodeSession } from './decode';

export interface PageInfo {
    url: string;
    title: string;
    locale: string;
}

const ANSWER_MS = 15_000;

export const base = (): string => new URL('./', location.href).href;

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
