/** What the widget needs of localStorage; a page may deny the real one. */
export interface Store {
    get(key: string): string | null;
    set(key: string, value: string): void;
    remove(key: string): void;
    keys(): string[];
}

export class MemoryStore implements Store {
    #items = new Map<string, string>();
    get(key: string): string | null {
        return this.#items.get(key) ?? null;
    }
    set(key: string, value: string): void {
        this.#items.set(key, value);
    }
    remove(key: string): void {
        this.#items.delete(key);
    }
    keys(): string[] {
        return [...this.#items.keys()];
    }
}

/**
 * The browser's storage, with memory behind it: what cannot be written down (storage denied or full)
 * still works until the page goes.
 */
export class BrowserStore implements Store {
    #memory = new MemoryStore();

    /** `kept` hears what only memory holds, so that somebody else may hold it over a reload. */
    constructor(private real: () => Storage, private prefix: string, private kept: (text: string | null) => void = () => undefined) {}

    /** Takes back what was kept elsewhere. */
    recall(text: string | null): void {
        try {
            for (const [key, value] of Object.entries(JSON.parse(text ?? '{}') as Record<string, unknown>)) if (this.get(key) === null) this.#memory.set(key, String(value));
        } catch {
            // not ours, or broken: nothing was kept
        }
    }

    #tell(): void {
        const keys = this.#memory.keys();
        this.kept(keys.length ? JSON.stringify(Object.fromEntries(keys.map((key) => [key, this.#memory.get(key)]))) : null);
    }

    get(key: string): string | null {
        try {
            const value = this.real().getItem(this.prefix + key);
            if (value !== null) return value;
        } catch {
            // fall through to memory
        }
        return this.#memory.get(key);
    }

    set(key: string, value: string): void {
        try {
            this.real().setItem(this.prefix + key, value);
            this.#memory.remove(key);
        } catch {
            this.#memory.set(key, value);
            this.#tell();
        }
    }

    remove(key: string): void {
        this.#memory.remove(key);
        try {
            this.real().removeItem(this.prefix + key);
        } catch {
            this.#tell();
        }
    }

    clear(): void {
        for (const key of this.keys()) this.remove(key);
    }

    keys(): string[] {
        const keys = new Set(this.#memory.keys());
        try {
            const real = this.real();
            for (let i = 0; i < real.length; i++) {
                const key = real.key(i);
                if (key?.startsWith(this.prefix)) keys.add(key.slice(this.prefix.length));
            }
        } catch {
            // memory only
        }
        return [...keys];
    }
}
