import type { Texts } from '../i18n';
import type { FileRef } from '../protocol/types';
import type { Store } from '../state/storage';
import type { UploadWorld } from '../state/uploads';
import type { ComposerExtras } from './composer_extras';
import { h, set, text } from './dom';
import { icon } from './icons';
import { fetchAhead, parts, type Lazy } from './lazy';

export interface ComposerActions {
    send(body: string, files: FileRef[], reply: string | undefined): void;
    typed(on: boolean): void;
    limit(): number;
    uploads: Omit<UploadWorld, 'changed' | 'start'>;
}

export interface Quote {
    id: string;
    name: string;
    text: string;
}

/** Chromium tells when a policy of the page or of the server forbids it; elsewhere one learns by asking. */
const policy = (document as { featurePolicy?: { allowsFeature(name: string): boolean } }).featurePolicy;
const mayRecord = 'MediaRecorder' in window && !!navigator.mediaDevices && policy?.allowsFeature('microphone') !== false;

const COUNT_FROM = 100;

/**
 * Where the visitor writes: text box and Send, and the buttons for files, emoji and voice, which live in
 * composer_extras.ts. Keeps its draft over a reload of the tab.
 */
export class Composer {
    readonly element: HTMLElement;
    #box: HTMLTextAreaElement;
    #note: HTMLElement;
    #picker: HTMLInputElement;
    #attach: HTMLButtonElement;
    #emoji: HTMLButtonElement;
    #mic: HTMLButtonElement;
    #extras: ComposerExtras | null = null;
    #sendButton: HTMLButtonElement;
    #noteTimer: ReturnType<typeof setTimeout> | undefined;

    constructor(private texts: Texts, private lazy: Lazy, private drafts: Store, private actions: ComposerActions) {
        const t = (key: Parameters<Texts['t']>[0]): string => texts.t(key);
        this.#box = h('textarea', {
            'aria-label': t('message'), placeholder: t('placeholder'), rows: 1, enterkeyhint: 'send', autocomplete: 'off',
            oninput: () => this.#changed(),
            onkeydown: (e: KeyboardEvent) => this.#key(e),
            onpaste: (e: ClipboardEvent) => this.#paste(e),
        });
        this.#note = h('p', { class: 'note', role: 'status' });
        this.#picker = h('input', { type: 'file', multiple: true, hidden: true, onchange: () => this.#picked() });
        const tool = (key: 'attach' | 'emoji' | 'voice', shape: Parameters<typeof icon>[0], run: () => void, soon: () => Promise<unknown>): HTMLButtonElement => {
            const fetchSoon = (): void => fetchAhead(soon);
            return h('button', { type: 'button', class: 'tool', 'aria-label': t(key), title: t(key), onclick: run, onpointerenter: fetchSoon, onfocus: fetchSoon }, icon(shape));
        };
        this.#attach = tool('attach', 'clip', () => this.#picker.click(), parts.files);
        this.#emoji = tool('emoji', 'smile', () => void this.#with((extras) => extras.toggleBoard(), true), parts.emoji);
        this.#mic = tool('voice', 'mic', () => void this.#with((extras) => extras.record(), true), parts.voice);
        set(this.#emoji, 'aria-expanded', 'false');
        this.#sendButton = h('button', { type: 'submit', class: 'send', 'aria-label': t('send'), title: t('send') }, icon('send'));
        this.element = h(
            'form', { class: 'composer', onsubmit: (e: Event) => this.#submit(e) },
            this.#box,
            h('div', { class: 'tools' }, this.#attach, this.#emoji, this.#mic, this.#picker, this.#note, this.#sendButton),
        );
        this.#restore();
        this.#grow();
        this.update([]);
    }

    focus(): void {
        this.#box.focus({ preventScroll: true });
    }

    /** What has been written and not sent; a form takes it over. */
    get value(): string {
        return this.#box.value;
    }

    clear(): void {
        this.#box.value = '';
        this.#settle();
    }

    /** Escape: true when there was something of its own to close. */
    escape(): boolean {
        return !!this.#extras?.escape();
    }

    /** The next message answers that one, or none. */
    quote(quoted: Quote | null): void {
        void this.#with((extras) => extras.quote(quoted));
    }

    get quoted(): string | undefined {
        return this.#extras?.quoted?.id;
    }

    async addFiles(files: Iterable<File>): Promise<void> {
        const added = [...files].map((file) => ({ file, name: file.name || 'file' }));
        if (added.length && !this.#attach.hidden) await this.#with((extras) => extras.addFiles(added));
    }

    /** What is more than text comes when it is first wanted. */
    async #with(run: (extras: ComposerExtras) => unknown, soon = false): Promise<void> {
        const part = await (soon ? this.lazy.soon(parts.extras) : this.lazy.get(parts.extras));
        if (!part) return;
        this.#extras ??= new part.ComposerExtras(this.texts, this.lazy, {
            element: this.element, box: this.#box, emoji: this.#emoji, uploads: this.actions.uploads,
            say: (words) => this.#say(words), changed: () => this.#settle(), typed: () => this.#changed(), focus: () => this.focus(),
        });
        await run(this.#extras);
    }

    update(features: string[]): void {
        this.#attach.hidden = !features.includes('attachments');
        this.#emoji.hidden = !features.includes('emoji');
        this.#mic.hidden = this.#attach.hidden || !mayRecord;
        this.#extras?.update();
        this.#showState();
    }

    #showState(): void {
        const over = this.#length - this.actions.limit();
        const empty = !this.#box.value.trim() && !this.#extras?.count;
        set(this.#sendButton, 'aria-disabled', empty || over > 0 || this.#extras?.busy ? 'true' : null);
        this.element.classList.toggle('over', over > 0);
        if (over > 0) this.#say(this.texts.t('over', { n: over }), true);
        else if (over > -COUNT_FROM) this.#say(String(-over), true);
        else if (this.#noteTimer === undefined) text(this.#note, '');
    }

    get #length(): number {
        return [...this.#box.value.trim()].length;
    }

    #changed(): void {
        this.#settle();
        this.actions.typed(this.#box.value.trim() !== '');
    }

    /** After any change of what is to be sent. */
    #settle(): void {
        this.#grow();
        this.#saveDraft();
        this.#extras?.update();
        this.#showState();
    }

    #grow(): void {
        this.#box.dir = this.#box.value ? 'auto' : this.texts.dir;
        this.#box.style.height = 'auto';
        this.#box.style.height = Math.min(this.#box.scrollHeight, 132) + 'px';
    }

    #key(event: KeyboardEvent): void {
        if (event.key !== 'Enter' || event.shiftKey || event.altKey || event.isComposing || event.keyCode === 229) return;
        event.preventDefault();
        this.#submit(event);
    }

    #submit(event: Event): void {
        event.preventDefault();
        const body = this.#box.value.trim();
        const extras = this.#extras;
        if (!body && !extras?.count) return;
        if (extras?.busy) return this.#say(this.texts.t('uploads_busy'));
        if (this.#length > this.actions.limit()) return;
        this.actions.send(body, extras?.take() ?? [], extras?.quoted?.id);
        extras?.sent();
        this.clear();
        this.focus();
    }

    #paste(event: ClipboardEvent): void {
        const files = event.clipboardData?.files;
        if (!files?.length) return;
        event.preventDefault();
        void this.addFiles(files);
    }

    #picked(): void {
        void this.addFiles([...(this.#picker.files ?? [])]);
        this.#picker.value = '';
        this.focus();
    }

    #say(words: string, lasting = false): void {
        clearTimeout(this.#noteTimer);
        this.#noteTimer = lasting
            ? undefined
            : setTimeout(() => {
                  this.#noteTimer = undefined;
                  this.#showState();
              }, 4000);
        text(this.#note, words);
    }

    /** A token has come: what waited for it may go up. */
    advance(): void {
        this.#extras?.advance();
    }

    #saveDraft(): void {
        const draft = { body: this.#box.value, files: this.#extras?.ready ?? [] };
        if (draft.body || draft.files.length) this.drafts.set('draft', JSON.stringify(draft));
        else this.drafts.remove('draft');
    }

    #restore(): void {
        try {
            const draft = JSON.parse(this.drafts.get('draft') ?? 'null') as { body?: string; files?: FileRef[] } | null;
            if (!draft) return;
            this.#box.value = String(draft.body ?? '');
            const files = draft.files;
            if (Array.isArray(files) && files.length) void this.#with((extras) => extras.restore(files));
        } catch {
            this.drafts.remove('draft');
        }
    }
}
