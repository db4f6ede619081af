import css from './page.css';
import { translate } from './calls';
import { Campaigns } from './campaigns';
import type { Core } from './core';
import { messageDetail } from './details';
import { place, watchPlace } from './place';
import { Teasers } from './teasers';
import type { Hello, Opening, Overrides, Theme, ToFrame, ToPage } from '../bridge_messages';

/**
 * The second part of the page's script: it comes with the chat frame, greets it, passes calls on to it and its
 * events to the page, and shows teasers beside the launcher.
 */
type Watcher = { destroy(): void; onclose: () => void };

const READY_MS = 20_000;
const TITLE = 'Live chat';
const OVERRIDES = [
    'color', 'welcomeTitle', 'welcomeDescription', 'availableMessage', 'unavailableMessage', 'enableFileUpload', 'enableEmojiPicker',
    'enableEndConversation', 'showPopoutButton', 'widgetStyle',
] as const;

function attach(core: Core): void {
    const { api, base, host, shadow, panel, button } = core;
    const small = matchMedia('(max-width:640px)');
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const keptKey = `deskbell.kept.${api.websiteToken}`;
    const waiting: ToFrame[] = [];
    let port: MessagePort | null = null;
    let ready = false;
    let patience = 0;
    let watcher: Watcher | null = null;
    let overflow = '';
    let ongoing = false;
    let colors = '';

    const tell = (message: ToFrame): void => {
        if (ready) port!.postMessage(message);
        else waiting.push(message);
    };

    core.style(css);
    const badge = document.createElement('b');
    badge.hidden = true;
    const arrow = shadow.querySelector('path')!.cloneNode() as Element;
    arrow.setAttribute('d', 'M6 9.5l6 6 6-6');
    shadow.querySelector('svg')!.append(arrow);
    button.append(badge);
    panel.append(document.createElement('div'));
    const spoken = document.createElement('i');
    spoken.id = 'unread';
    spoken.setAttribute('aria-live', 'polite');
    shadow.append(spoken);
    button.setAttribute('aria-describedby', 'unread');
    const teasers = new Teasers(shadow, {
        open: () => api.open(),
        said: (text) => void (spoken.textContent = text),
    });
    const campaigns = new Campaigns({
        quiet: () => ongoing || api.isOpen,
        show(campaign) {
            teasers.show([{ name: campaign.sender?.name ?? '', text: campaign.message }], {
                taken: () => tell({ k: 'campaign', id: campaign.id }),
                dismissed: () => campaigns.snooze(),
            });
        },
        key: `deskbell.snooze.${api.websiteToken}`,
    });

    const theme = (): Theme => {
        const wanted = api.darkMode ?? api.theme;
        return wanted === 'light' || wanted === 'dark' ? wanted : 'auto';
    };
    /** The panel before its frame shows, and the teasers, in the same light as the frame. */
    const shade = (): void => void host.toggleAttribute('data-dark', theme() === 'dark' || (theme() === 'auto' && scheme.matches));
    const locale = (): string | null => (api.useBrowserLanguage ? null : (api.locale as string) || document.documentElement.lang || null);

    const opening = (): Opening => {
        const settings: Record<string, unknown> = {};
        for (const name of OVERRIDES) if (api[name] !== undefined) settings[name] = api[name];
        return { locale: locale(), theme: theme(), page: place(), open: api.isOpen, settings: settings as Overrides, kept: kept() };
    };
    const kept = (text?: string | null): string | null => {
        try {
            if (text) sessionStorage.setItem(keptKey, text);
            else if (text === null) sessionStorage.removeItem(keptKey);
            return sessionStorage.getItem(keptKey);
        } catch {
            // the page denies storage too
            return null;
        }
    };

    const greet = (): void => {
        const frame = core.frame!;
        const channel = new MessageChannel();
        port?.close();
        ready = false;
        port = channel.port1;
        port.onmessage = (event) => heard(event.data as ToPage);
        const hello: Hello = { k: 'deskbell', opening: opening() };
        frame.contentWindow!.postMessage(hello, base.origin, [channel.port2]);
    };

    const heard = (message: ToPage): void => {
        switch (message.k) {
            case 'ready':
                clearTimeout(patience);
                ready = true;
                core.paint(message.color, message.on);
                core.name(message.open);
                colors = `${message.color} ${message.on}`;
                core.memory((ongoing ? '+' : '-') + colors);
                teasers.speak(message.dismiss, message.dir);
                core.frame!.title = message.title;
                panel.setAttribute('aria-label', message.title);
                panel.classList.add('ready');
                for (const waited of waiting.splice(0)) tell(waited);
                break;
            case 'unread':
                badge.textContent = message.n > 99 ? '99+' : String(message.n);
                badge.hidden = !message.n;
                spoken.textContent = message.n ? message.text : '';
                if (!message.n) teasers.clear();
                core.emit('unread', message.n);
                break;
            case 'message':
                if (message.message?.dir !== 'in' && !api.isOpen && api.showUnreadMessagesDialog !== false) {
                    teasers.add({ name: message.name, text: message.text });
                }
                core.emit('on-message', messageDetail(message));
                break;
            case 'started':
                core.emit('on-start-conversation', { hasConversation: message.again, conversationId: message.conv });
                break;
            case 'postback':
                core.emit('postback', { payload: message.payload, messageId: message.message });
                break;
            case 'ongoing':
                ongoing = message.on;
                core.memory((ongoing ? '+' : '-') + colors);
                break;
            case 'campaigns':
                campaigns.set(message.campaigns);
                break;
            case 'close':
                api.close();
                break;
            case 'keep':
                kept(message.text);
                break;
            case 'error':
                fault(message.code, message);
        }
    };
    const fault = (code: string, more: object = {}): void => {
        const { k, ...detail } = { k: '', ...more, code };
        core.emit('error', detail);
    };

    /** On small screens the open chat is all there is: a dialog, and the page behind holds still. */
    const fit = (): void => {
        const full = api.isOpen && small.matches;
        if (full === host.hasAttribute('data-full')) return;
        const root = document.documentElement;
        if (full) overflow = root.style.overflow;
        root.style.overflow = full ? 'hidden' : overflow;
        host.toggleAttribute('data-full', full);
        for (const [name, value] of [['role', 'dialog'], ['aria-modal', 'true']] as const) {
            if (full) panel.setAttribute(name, value);
            else panel.removeAttribute(name);
        }
    };
    let inside = false;
    shadow.addEventListener('focusin', (e) => void (inside = e.target === core.frame));
    const turned = (): void => {
        const frame = core.frame;
        panel.hidden = !api.isOpen;
        fit();
        tell({ k: api.isOpen ? 'open' : 'close' });
        if (api.isOpen) {
            teasers.clear();
            frame?.focus();
            const CloseWatcher = (window as unknown as { CloseWatcher?: new () => Watcher }).CloseWatcher;
            if (CloseWatcher && small.matches) {
                watcher = new CloseWatcher();
                watcher.onclose = () => api.close();
            }
        } else {
            watcher?.destroy();
            watcher = null;
            if (inside) button.focus();
        }
    };

    const take = (): void => {
        for (const command of core.queue.splice(0)) {
            try {
                const [name, ...rest] = command;
                if (name === 'setLocale') api.locale = String(rest[0] ?? '');
                if (name === 'setLocale') api.useBrowserLanguage = false;
                if (name === 'setColorScheme') api.darkMode = String(rest[0]);
                if (name === 'setColorScheme') shade();
                if (name === 'reset') {
                    kept(null);
                    core.memory(null);
                    teasers.clear();
                    badge.hidden = true;
                    api.close();
                }
                if (name === 'popout' && rest[0]) api.close();
                for (const message of translate(name, rest, { theme, locale })) tell(message);
            } catch (error) {
                const { code, message } = error as Error & { code?: string };
                console.error(error);
                fault(code ?? 'invalid', { message });
            }
        }
    };

    /** Waits again for a frame that is asked for anew. */
    const expect = (): void => {
        clearTimeout(patience);
        patience = window.setTimeout(() => {
            port?.close();
            port = null;
            ready = false;
            panel.classList.remove('ready');
            core.fail();
        }, READY_MS);
    };

    Object.assign(core, {
        greet() {
            if (!panel.classList.contains('ready')) expect();
            core.frame!.title ||= TITLE;
            greet();
        },
        turned,
        take,
    });
    watchPlace((page) => {
        tell({ k: 'page', page });
        campaigns.moved();
    });
    scheme.onchange = shade;
    small.onchange = fit;
    shadow.addEventListener('keydown', (e) => {
        if ((e as KeyboardEvent).key !== 'Escape') return;
        if (api.isOpen) api.close();
        else teasers.dismiss();
    });
    shade();
    if (core.frame) core.frame.title ||= TITLE;
    if (core.loaded) core.greet();
    else expect();
    take();
    if (api.isOpen) {
        panel.hidden = false;
        fit();
        core.frame?.focus();
    }
}

const core = (document.currentScript as unknown as { core?: Core } | null)?.core;
if (core) attach(core);
