import { base } from '../protocol/http';
import type { Chat } from './chat';

const ANSWER_MS = 15_000;

export interface Answer {
    /** 0 when nothing came back. */
    status: number;
    body: Record<string, unknown>;
}

/** One of the calls of docs/protocol.md B.7. Never throws; a session that has run out is renewed once. */
export async function ask(chat: Chat, method: string, path: string, body?: unknown): Promise<Answer> {
    const first = await call(chat.token, method, path, body);
    if (first.status !== 401) return first;
    await chat.renew();
    return call(chat.token, method, path, body);
}

async function call(token: string | null, method: string, path: string, body: unknown): Promise<Answer> {
    try {
        const response = await fetch(`${base()}w/v1/${path}`, {
            method,
            headers: { Authorization: `Bearer ${token ?? ''}`, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
            credentials: 'omit',
            signal: AbortSignal.timeout(ANSWER_MS),
            body: body === undefined ? undefined : JSON.stringify(body),
        });
        const answer: unknown = await response.json().catch(() => null);
        return { status: response.status, body: answer !== null && typeof answer === 'object' ? (answer as Answer['body']) : {} };
    } catch {
        return { status: 0, body: {} };
    }
}
