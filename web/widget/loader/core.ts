/** What the script on the page (loader.ts) and its second part (page.ts), which comes when needed, share. */

export type Command = [string, ...unknown[]];
export type Handler = (detail?: unknown) => void;

/** `window.$deskbell`: settings and methods of docs/widget.md; web/sdk/src/types.ts has them for outsiders. */
export interface Api {
    [name: string]: unknown;
    websiteToken: string;
    baseUrl: string;
    hasLoaded: boolean;
    isOpen: boolean;
    locale?: string;
    darkMode?: string;
    open(): void;
    close(): void;
}

export interface Core {
    api: Api;
    base: URL;
    host: HTMLElement;
    shadow: ShadowRoot;
    panel: HTMLElement;
    button: HTMLButtonElement;
    frame: HTMLIFrameElement | null;
    /** The frame has loaded and waits to be greeted. */
    loaded: boolean;
    /** Calls that wait for the second part. */
    queue: Command[];
    emit(event: string, detail?: unknown): void;
    paint(color?: string, on?: string): void;
    name(text: string): void;
    style(css: string): void;
    /** The frame cannot be had: as before it was asked for. */
    fail(): void;
    /** Reads, writes (a text) or removes (null) the one thing kept in the page's storage: "+" or "-", then colours. */
    memory(value?: string | null): string | null;

    /** Nothing until the second part has come. */
    greet(): void;
    turned(): void;
    take(): void;
}
