/**
 * What the frame and the page around it say to each other. The loader sends one "deskbell" message with
 * a port to the frame's own origin; everything after goes through that port, which no third party holds.
 */
export interface Opening {
    locale: string | null;
    theme: 'light' | 'dark' | 'auto';
    page: { url: string; title: string };
    open: boolean;
}

export type ToFrame = { k: 'open' } | { k: 'close' };

export type ToPage =
    | { k: 'ready'; color: string; on: string; open: string; title: string }
    | { k: 'unread'; n: number; text: string }
    | { k: 'message'; name: string; text: string }
    | { k: 'ongoing'; on: boolean }
    | { k: 'close' }
    | { k: 'error'; code: string };

const PATIENCE_MS = 1500;

/** The page around the frame, or nobody where the frame stands alone. */
export class Bridge {
    #port: MessagePort | null = null;

    get embedded(): boolean {
        return this.#port !== null;
    }

    /** Waits for the loader; a frame without one opens by itself. */
    meet(heard: (message: ToFrame) => void): Promise<Opening> {
        return new Promise((resolve) => {
            const alone: Opening = { locale: null, theme: 'auto', page: { url: location.origin + location.pathname, title: document.title }, open: true };
            if (window.parent === window) return resolve(alone);
            setTimeout(() => resolve(alone), PATIENCE_MS);
            window.addEventListener('message', (event: MessageEvent) => {
                const data = event.data as { k?: string; opening?: Partial<Opening> } | null;
                const port = event.ports[0];
                if (event.source !== window.parent || data?.k !== 'deskbell' || !port || this.#port) return;
                this.#port = port;
                port.onmessage = (e) => heard(e.data as ToFrame);
                resolve({ ...alone, ...data.opening });
            });
        });
    }

    tell(message: ToPage): void {
        this.#port?.postMessage(message);
    }
}
