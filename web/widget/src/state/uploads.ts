import type { UploadResult } from '../protocol/upload';
import type { FileRef } from '../protocol/types';

export interface Upload {
    id: string;
    name: string;
    size: number;
    mime: string;
    /** 0 to 1. */
    part: number;
    state: 'queued' | 'uploading' | 'done' | 'failed';
    /** Why it failed, when trying again would not help. */
    refused?: 'too_large' | 'type_refused' | 'refused';
    file: Blob | null;
    done?: FileRef;
}

export interface UploadWorld {
    id(): string;
    token(): string | null;
    limit(): number;
    start(file: Blob, id: string, name: string, token: string, signal: AbortSignal, progress: (part: number) => void): Promise<UploadResult>;
    after(ms: number, run: () => void): void;
    changed(): void;
}

const AT_ONCE = 2;
const TRIES = 4;
export const FILES_MAX = 10;

/** The files beside the message being written. They go up at once, so that sending is short. */
export class Uploads {
    items: Upload[] = [];
    #aborts = new Map<string, AbortController>();
    #tries = new Map<string, number>();

    constructor(private world: UploadWorld) {}

    /** Adds what there is room for; returns how many were left out. */
    add(files: { file: Blob; name: string }[]): number {
        const room = Math.max(0, FILES_MAX - this.items.length);
        for (const { file, name } of files.slice(0, room)) {
            const item: Upload = { id: this.world.id(), name, size: file.size, mime: file.type, part: 0, state: 'queued', file };
            if (file.size > this.world.limit()) Object.assign(item, { state: 'failed', refused: 'too_large' });
            this.items.push(item);
        }
        this.advance();
        return Math.max(0, files.length - room);
    }

    /** Those of a draft kept over a reload: they are on the server already. */
    restore(files: FileRef[]): void {
        for (const done of files.slice(0, FILES_MAX)) {
            this.items.push({ ...done, part: 1, state: 'done', file: null, done });
        }
    }

    remove(id: string): void {
        this.items = this.items.filter((i) => i.id !== id);
        this.#aborts.get(id)?.abort();
        this.advance();
    }

    retry(id: string): void {
        const item = this.items.find((i) => i.id === id);
        if (!item || item.state !== 'failed' || item.refused) return;
        this.#tries.delete(id);
        item.state = 'queued';
        this.advance();
    }

    get ready(): FileRef[] {
        return this.items.flatMap((i) => (i.done ? [i.done] : []));
    }

    /** True while something still goes up or has failed: the message must wait. */
    get busy(): boolean {
        return this.items.some((i) => i.state !== 'done');
    }

    take(): FileRef[] {
        const files = this.ready;
        this.items = this.items.filter((i) => !i.done);
        return files;
    }

    /** Starts what may start; also called when a token has come. */
    advance(): void {
        const token = this.world.token();
        let running = this.items.filter((i) => i.state === 'uploading').length;
        for (const item of this.items) {
            if (!token || running >= AT_ONCE) break;
            if (item.state !== 'queued' || !item.file) continue;
            running++;
            void this.#run(item, item.file, token);
        }
        this.world.changed();
    }

    async #run(item: Upload, file: Blob, token: string): Promise<void> {
        item.state = 'uploading';
        item.part = 0;
        const abort = new AbortController();
        this.#aborts.set(item.id, abort);
        const result = await this.world.start(file, item.id, item.name, token, abort.signal, (part) => {
            item.part = part;
            this.world.changed();
        });
        this.#aborts.delete(item.id);
        if (!this.items.includes(item)) return;
        if (result.kind === 'ok') {
            Object.assign(item, { state: 'done', part: 1, done: result.file, name: result.file.name, mime: result.file.mime });
        } else if (result.kind === 'refused') {
            item.state = 'failed';
            item.refused = result.status === 413 ? 'too_large' : result.status === 415 ? 'type_refused' : 'refused';
        } else {
            const tries = (this.#tries.get(item.id) ?? 0) + 1;
            this.#tries.set(item.id, tries);
            item.state = 'failed';
            if (tries < TRIES) {
                this.world.after(1000 * 2 ** tries, () => {
                    if (item.state === 'failed') {
                        item.state = 'queued';
                        this.advance();
                    }
                });
            }
        }
        this.advance();
    }
}
