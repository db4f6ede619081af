import type { Hello, Opening, ToFrame, ToPage } from '../bridge_messages';

const PATIENCE_MS = 1500;

/** The page around the frame, or nobody where the frame stands alone. All that is said is in bridge_messages.ts. */
export class Bridge {
    #port: MessagePort | null = null;

    get embedded(): boolean {
        return this.#port !== null;
    }

    /** Waits for the loader; a frame without one opens by itself. */
    meet(heard: (message: ToFrame) => void): Promise<Opening> {
        return new Promise((resolve) => {
            const page = { url: location.origin + location.pathname, title: document.title };
            const alone: Opening = { locale: null, theme: 'auto', page, open: true, settings: {}, kept: null };
            if (window.parent === window) return resolve(alone);
            setTimeout(() => resolve(alone), PATIENCE_MS);
            window.addEventListener('message', (event: MessageEvent) => {
                const data = event.data as Partial<Hello> | null;
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
