import css from './loader.css';
import type { Api, Command, Core, Handler } from './core';

/**
 * The script on the customer's page. Draws the launcher, makes the chat frame when it is first wanted,
 * and stays out of the page's way: no cookie, no request and nothing stored before the visitor acts. What only
 * an awake chat needs is in page.ts, which comes with the frame.
 *
 * The same thing answers to the names of the product that sites know ($chatwoot, chatwootSDK, chatwoot:*),
 * unless the page says compat: false.
 */
/** Both put in by build.mjs. */
declare const PAGE_SCRIPT: string;
/** "en:Open chat,de:Chat öffnen,…": the launcher's name of every catalogue of the frame, English first. */
declare const NAMES: string;

const METHODS = 'setUser,reset,setLocale,setColorScheme,setCustomAttributes,deleteCustomAttribute,setConversationCustomAttributes,deleteConversationCustomAttribute,setLabel,removeLabel';
const BUBBLE = 'M12 4c5 0 9 3 9 7.5S17 19 12 19q-1.5 0-3-.4L4.6 20.4l.9-3.9Q3 14.5 3 11.5C3 7 7 4 12 4z';
const IDLE_MS = 3000;

const page = window as unknown as Record<string, any>;
const script = document.currentScript as HTMLScriptElement;
const attributes = script?.dataset || {};

function start(websiteToken: string, baseUrl: string, defaults: object): void {
    const early = page.$deskbell;
    const settings: Record<string, any> = { ...defaults, ...page.chatwootSettings, ...page.deskbellSettings };
    for (const name in attributes) {
        const value = attributes[name]!;
        settings[name] = value === 'true' || (value === 'false' ? false : value);
    }
    const brands = settings.compat === false ? ['deskbell'] : ['deskbell', 'chatwoot'];
    const base = new URL('./', baseUrl);
    const key = 'deskbell.' + websiteToken;
    const heard: [Handler, string, EventListener][] = [];
    const queue: Command[] = [];
    const nothing = (): void => {};
    let shown = false;
    let timer = 0;
    let part: HTMLScriptElement | null;

    const make = <K extends keyof HTMLElementTagNameMap>(tag: K, parent: Node): HTMLElementTagNameMap[K] =>
        parent.appendChild(document.createElement(tag));
    const set = (element: Element, name: string, value: string): void => element.setAttribute(name, value);
    const root = (): HTMLElement => document.documentElement;
    const host = document.createElement('div');
    const shadow = host.attachShadow({ mode: 'open' });
    const button = make('button', shadow);
    const panel = make('section', shadow);

    const draw = (parent: Node, tag: string, name: string, value: string): Element => {
        const element = parent.appendChild(document.createElementNS('http://www.w3.org/2000/svg', tag));
        set(element, name, value);
        return element;
    };
    const emit = (event: string, detail?: unknown): void => {
        for (const brand of brands) dispatchEvent(new CustomEvent(brand + ':' + event, { detail }));
    };
    const named = (): string => {
        const lang = (!api.useBrowserLanguage && (api.locale || root().lang)) || navigator.language;
        return (NAMES.match(lang.slice(0, 2) + ':([^,]+)') || NAMES.match(':([^,]+)'))![1]!;
    };
    const call = (name: string, ...rest: unknown[]): void => {
        queue.push([name, ...rest]);
        core.take();
    };

    const wake = (): void => {
        if (!shown) return;
        if (!part) {
            part = document.createElement('script');
            (part as unknown as { core: Core }).core = core;
            part.nonce = script?.nonce;
            part.onerror = () => {
                part = null;
                core.fail();
            };
            part.src = base.href + PAGE_SCRIPT;
            root().append(part);
        }
        if (core.frame) return;
        const frame = (core.frame = document.createElement('iframe'));
        frame.allow = 'microphone';
        frame.src = address;
        frame.onload = () => {
            core.loaded = true;
            core.greet();
        };
        panel.append(frame);
    };
    const soon = (): void => {
        clearTimeout(timer);
        timer = window.setTimeout(() => (window.requestIdleCallback || setTimeout)(wake), IDLE_MS);
    };
    const turn = (open: boolean): void => {
        if (open === api.isOpen) return;
        if (open) {
            api.consent();
            wake();
        }
        api.isOpen = open;
        set(button, 'aria-expanded', '' + open);
        core.turned();
        emit(open ? 'opened' : 'closed');
    };

    const core: Core = {
        base, host, shadow, panel, button, queue, emit,
        frame: null,
        loaded: false,
        paint(color, on) {
            if (color) host.style.setProperty('--c', color);
            if (on) host.style.setProperty('--o', on);
        },
        name(text) {
            set(button, 'aria-label', (label.textContent = api.launcherTitle || text));
        },
        style(text) {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(text);
            shadow.adoptedStyleSheets.push(sheet);
        },
        fail() {
            core.frame?.remove();
            core.frame = null;
            core.loaded = false;
            turn(false);
            emit('error', { code: 'unreachable' });
        },
        memory(value) {
            try {
                if (value) localStorage.setItem(key, value);
                else if (value === null) localStorage.removeItem(key);
                return localStorage.getItem(key);
            } catch {
                // the page denies storage: nothing is remembered
                return null;
            }
        },
        greet: nothing,
        turned: nothing,
        take: nothing,
    } as Partial<Core> as Core;

    /** Beside the body, so that pages which replace their body keep their chat; and back after a page has taken all away. */
    const attach = (): void => {
        if (!host.isConnected) root().append(host);
        observer.observe(root(), { childList: true });
    };
    const observer = new MutationObserver(attach);

    const address = base.href + 'widget?website_token=' + encodeURIComponent(websiteToken);
    const api: Record<string, any> & Api = (core.api = {
        ...settings,
        websiteToken,
        baseUrl: base.href,
        hasLoaded: false,
        isOpen: false,
        open: () => turn(true),
        close: () => turn(false),
        toggle: (state?: string) => turn(state ? state === 'open' : !api.isOpen),
        toggleBubbleVisibility: (state: string) => void (button.hidden = state === 'hide'),
        popoutChatWindow() {
            call('popout', open(address, key, 'popup,width=420,height=720'), key);
            api.consent();
            wake();
        },
        push([name, ...rest]: Command) {
            api[name]?.(...rest);
        },
        on(event: string, handler: Handler) {
            const listener = (e: Event): void => handler((e as CustomEvent).detail);
            heard.push([handler, event, listener]);
            addEventListener('deskbell:' + event, listener);
            if (event === 'ready' && api.hasLoaded) handler();
        },
        off(event: string, handler: Handler) {
            for (const [known, name, listener] of heard) if (known === handler && name === event) removeEventListener('deskbell:' + event, listener);
        },
        consent(given = true) {
            if (shown || !given) return;
            shown = true;
            observer.observe(document, { childList: true });
            attach();
            const kept = core.memory();
            if (kept) core.paint(...(kept.slice(1).split(' ') as [string]));
            core.paint(settings.color);
            if (kept?.[0] === '+' || settings.preload || queue.some(([name]) => name === 'setUser')) soon();
        },
    });
    for (const name of METHODS.split(',')) {
        api[name] = (...rest: unknown[]) => {
            call(name, ...rest);
            if (name === 'setLocale') core.name(named());
            if (name === 'setUser' || (name === 'reset' && core.memory())) soon();
        };
    }

    host.id = 'deskbell';
    for (const name of ['position', 'type', 'widgetStyle']) if (settings[name]) host.dataset[name] = settings[name];
    panel.hidden = true;
    button.hidden = settings.hideMessageBubble;
    button.type = 'button';
    set(button, 'aria-expanded', 'false');
    const svg = draw(button, 'svg', 'viewBox', '0 0 24 24');
    draw(svg, 'path', 'd', BUBBLE);
    const label = make('span', button);
    core.name(named());
    core.style(css);
    button.onclick = () => turn(!api.isOpen);

    for (const brand of brands) if (brand === 'deskbell' || !page['$' + brand]) page['$' + brand] = api;
    if (settings.consent !== 'required') api.consent();
    if (Array.isArray(early)) early.forEach(api.push);
    setTimeout(() => {
        api.hasLoaded = true;
        emit('ready');
    });
}

const own = script?.src.replace(/(packs\/js\/)?[^/]*$/, '');
const run = (options: { websiteToken?: string; baseUrl?: string } = {}, defaults: object = { darkMode: 'light' }): void => {
    const begin = (): void => {
        try {
            const { websiteToken, baseUrl } = options;
            if (websiteToken && (!page.$deskbell || Array.isArray(page.$deskbell))) start(websiteToken, (baseUrl || own).replace(/\/*$/, '/'), defaults);
        } catch {
            // the page must never suffer from its chat
        }
    };
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin);
    else begin();
};
page.deskbellSDK = { run: (options: object) => run(options, {}) };
page.chatwootSDK ||= { run };
run(attributes, {});
