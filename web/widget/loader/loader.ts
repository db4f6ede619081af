import css from './loader.css';
import type { Opening, ToFrame, ToPage } from '../src/bridge';

/**
 * The script on the customer's page. Draws the launcher, makes the chat frame when it is first wanted,
 * and stays out of the page's way: one global, no cookie, nothing stored before the visitor writes. Then
 * one bit stays, that there is a conversation, so that answers are noticed on the next page too.
 */
type Handler = (detail?: unknown) => void;
type Command = [string, ...unknown[]];
type Watcher = { destroy(): void; onclose: () => void };

const NAMES: Record<string, [string, string]> = {
    en: ['Open chat', 'Live chat'],
    de: ['Chat öffnen', 'Live-Chat'],
    ar: ['افتح المحادثة', 'محادثة مباشرة'],
};
const BUBBLE = 'M12 4c5 0 9 3.3 9 7.5S17 19 12 19c-1 0-2-.1-2.9-.4L4.6 20.4l.9-3.9C4 15.2 3 13.4 3 11.5 3 7.3 7 4 12 4z';
const IDLE_MS = 3000;
const READY_MS = 20000;

function start(script: HTMLScriptElement, token: string, queue: unknown): void {
    const { dataset } = script;
    const base = new URL('./', script.src);
    const root = document.documentElement;
    const key = 'deskbell.' + token;
    const lang = dataset.locale || root.lang || navigator.language;
    const names = NAMES[lang.slice(0, 2)] || NAMES.en!;
    const small = matchMedia('(max-width:640px)');
    const handlers: [string, Handler][] = [];
    let opened = false;
    let shown = false;
    let frame: HTMLIFrameElement | null = null;
    let port: MessagePort | null = null;
    let watcher: Watcher | null = null;
    let overflow = '';
    let timer = 0;

    const set = (element: Element, name: string, value?: string): void =>
        value === undefined ? element.removeAttribute(name) : element.setAttribute(name, value);
    const make = <K extends keyof HTMLElementTagNameMap>(tag: K, parent: Node): HTMLElementTagNameMap[K] =>
        parent.appendChild(document.createElement(tag));

    const host = document.createElement('div');
    const shadow = host.attachShadow({ mode: 'open' });
    const panel = make('section', shadow);
    const button = make('button', shadow);
    const badge = make('b', button);
    const spoken = make('i', shadow);
    make('div', panel);
    host.id = 'deskbell';
    if (dataset.position) host.dataset.position = dataset.position;
    panel.hidden = badge.hidden = true;
    spoken.id = 'unread';
    button.type = 'button';
    set(button, 'aria-label', names[0]);
    set(button, 'aria-expanded', 'false');
    set(button, 'aria-describedby', 'unread');
    set(spoken, 'aria-live', 'polite');
    const draw = (tag: string, parent: Node, name: string, value: string): Element => {
        const element = parent.appendChild(document.createElementNS('http://www.w3.org/2000/svg', tag));
        set(element, name, value);
        return element;
    };
    const svg = draw('svg', button, 'viewBox', '0 0 24 24');
    draw('path', svg, 'd', BUBBLE);
    draw('path', svg, 'd', 'M6 9.5l6 6 6-6');
    const paint = (color?: string, on?: string): void => {
        if (color) host.style.setProperty('--c', color);
        if (on) host.style.setProperty('--o', on);
    };
    paint(dataset.color);

    try {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        shadow.adoptedStyleSheets = [sheet];
    } catch {
        const style = make('style', shadow);
        style.nonce = script.nonce;
        style.textContent = css;
    }

    const emit = (event: string, detail?: unknown): void => {
        for (const [name, handler] of handlers.slice()) {
            try {
                if (name === event) handler(detail);
            } catch (error) {
                console.error(error);
            }
        }
    };
    const tell = (k: ToFrame['k']): void => port?.postMessage({ k });

    const heard = (message: ToPage): void => {
        if (message.k === 'ready') {
            clearTimeout(timer);
            paint(message.color, message.on);
            set(button, 'aria-label', message.open);
            if (!panel.classList.contains('ready')) emit('ready');
            panel.classList.add('ready');
        } else if (message.k === 'unread') {
            badge.textContent = message.n > 99 ? '99+' : '' + message.n;
            badge.hidden = !message.n;
            spoken.textContent = message.n ? message.text : '';
            emit('unread', message.n);
        } else if (message.k === 'message') {
            emit('message', { name: message.name, text: message.text });
        } else if (message.k === 'ongoing') {
            try {
                if (message.on) localStorage.setItem(key, '1');
                else localStorage.removeItem(key);
            } catch {
                // the page denies storage: nothing is remembered
            }
        } else if (message.k === 'close') {
            api.close();
        } else {
            emit('error', message.code);
        }
    };

    const load = (): void => {
        if (frame) return;
        const made = (frame = document.createElement('iframe'));
        made.title = names[1];
        made.src = new URL('widget?website_token=' + encodeURIComponent(token), base).href;
        made.onload = () => {
            const channel = new MessageChannel();
            const opening: Opening = {
                locale: dataset.locale || root.lang || null,
                theme: (dataset.theme || 'auto') as Opening['theme'],
                page: { url: location.origin + location.pathname, title: document.title },
                open: opened,
            };
            port = channel.port1;
            port.onmessage = (event) => heard(event.data as ToPage);
            made.contentWindow!.postMessage({ k: 'deskbell', opening }, base.origin, [channel.port2]);
        };
        panel.append(made);
        timer = window.setTimeout(() => {
            made.remove();
            frame = port = null;
            api.close();
            emit('error', 'unreachable');
        }, READY_MS);
    };

    /** On small screens the open chat is all there is: a dialog, and the page behind holds still. */
    const fit = (): void => {
        const full = opened && small.matches;
        if (full === host.hasAttribute('data-full')) return;
        if (full) overflow = root.style.overflow;
        root.style.overflow = full ? 'hidden' : overflow;
        host.toggleAttribute('data-full', full);
        set(panel, 'role', full ? 'dialog' : undefined);
        set(panel, 'aria-modal', full ? 'true' : undefined);
        set(panel, 'aria-label', full ? names[1] : undefined);
    };

    /** Beside the body, so that pages which replace their body keep their chat. */
    const attach = (): void => {
        if (!host.isConnected) document.documentElement.append(host);
    };

    const turn = (open: boolean): void => {
        opened = open;
        panel.hidden = !open;
        set(button, 'aria-expanded', '' + open);
        fit();
        tell(open ? 'open' : 'close');
        emit(open ? 'opened' : 'closed');
    };

    const api = {
        push(command: Command): void {
            const [name, ...rest] = command;
            (api as unknown as Record<string, Handler>)[name]?.(...(rest as [unknown]));
        },
        open(): void {
            if (opened) return;
            api.consent();
            load();
            turn(true);
            frame!.focus();
            const CloseWatcher = (window as unknown as { CloseWatcher?: new () => Watcher }).CloseWatcher;
            if (CloseWatcher && small.matches) {
                watcher = new CloseWatcher();
                watcher.onclose = api.close;
            }
        },
        close(): void {
            if (!opened) return;
            const inside = shadow.activeElement === frame;
            watcher?.destroy();
            watcher = null;
            turn(false);
            if (inside) button.focus();
        },
        toggle(): void {
            if (opened) api.close();
            else api.open();
        },
        on: (event: string, handler: Handler): void => void handlers.push([event, handler]),
        off(event: string, handler: Handler): void {
            const at = handlers.findIndex(([name, known]) => name === event && known === handler);
            if (at >= 0) handlers.splice(at, 1);
        },
        consent(given = true): void {
            if (shown || !given) return;
            shown = true;
            attach();
            const observer = new MutationObserver(attach);
            observer.observe(document, { childList: true });
            observer.observe(root, { childList: true });
            button.onclick = api.toggle;
            shadow.addEventListener('keydown', (e) => {
                if ((e as KeyboardEvent).key === 'Escape') api.close();
            });
            small.onchange = fit;
            try {
                if (localStorage.getItem(key)) setTimeout(() => (window.requestIdleCallback || setTimeout)(load), IDLE_MS);
            } catch {
                // as above
            }
        },
    };

    (window as unknown as { $deskbell: typeof api }).$deskbell = api;
    if (dataset.consent !== 'required') api.consent();
    if (Array.isArray(queue)) queue.forEach(api.push);
}

const script = document.currentScript as HTMLScriptElement | null;
const token = script?.dataset.websiteToken;
const queue = (window as unknown as { $deskbell?: unknown }).$deskbell;
const run = (): void => {
    try {
        start(script!, token!, queue);
    } catch {
        // the page must never suffer from its chat
    }
};
if (token && (!queue || Array.isArray(queue))) {
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', run);
    else run();
}
