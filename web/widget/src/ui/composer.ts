import type { Texts } from '../i18n';
import type { FileRef } from '../protocol/types';
import type { Store } from '../state/storage';
import type { UploadWorld } from '../state/uploads';
import { h, set, text } from './dom';
import type { EmojiBoard } from './emoji';
import type { FilesView } from './files';
import { icon } from './icons';
import { parts, type Lazy } from './lazy';
import type { VoiceView } from './voice';

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
const QUOTE_LENGTH = 120;

/** Where the visitor writes: text box, files, emoji, voice, Send. Keeps its draft over a reload of the tab. */
export class Composer {
    readonly element: HTMLElement;
    #box: HTMLTextAreaElement;
    #quote: HTMLElement;
    #quoted: Quote | null = null;
    #note: HTMLElement;
    #picker: HTMLInputElement;
    #attach: HTMLButtonElement;
    #emoji: HTMLButtonElement;
    #mic: HTMLButtonElement;
    #board: EmojiBoard | null = null;
    #files: FilesView | null = null;
    #voice: VoiceView | null = null;
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
        this.#quote = h('div', { class: 'quote', hidden: true });
        this.#note = h('p', { class: 'note', role: 'status' });
        this.#picker = h('input', { type: 'file', multiple: true, hidden: true, onchange: () => this.#picked() });
        const tool = (key: 'attach' | 'emoji' | 'voice', shape: Parameters<typeof icon>[0], run: () => void, soon: () => Promise<unknown>): HTMLButtonElement => {
            const fetchSoon = (): void => void this.lazy.get(soon);
            return h('button', { type: 'button', class: 'tool', 'aria-label': t(key), title: t(key), onclick: run, onpointerenter: fetchSoon, onfocus: fetchSoon }, icon(shape));
        };
        this.#attach = tool('attach', 'clip', () => this.#picker.click(), parts.files);
        this.#emoji = tool('emoji', 'smile', () => void this.#toggleBoard(), parts.emoji);
        this.#mic = tool('voice', 'mic', () => void this.#record(), parts.voice);
        set(this.#emoji, 'aria-expanded', 'false');
        this.#sendButton = h('button', { type: 'submit', class: 'send', 'aria-label': t('send'), title: t('send') }, icon('send'));
        this.element = h(
            'form', { class: 'composer', onsubmit: (e: Event) => this.#submit(e) },
            this.#quote, this.#box,
            h('div', { class: 'tools' }, this.#attach, this.#emoji, this.#mic, this.#picker, this.#note, this.#sendButton),
        );
        document.addEventListener('pointerdown', (e) => {
            const target = e.target as Node;
            if (this.#board?.open && !this.#board.element.contains(target) && !this.#emoji.contains(target)) this.#closeBoard(false);
        });
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
        if (this.#board?.open) this.#closeBoard(true);
        else if (this.#quoted) this.quote(null);
        else return false;
        return true;
    }

    /** The next message answers that one. */
    quote(quoted: Quote | null): void {
        this.#quoted = quoted;
        this.#quote.hidden = !quoted;
        const cancel = this.texts.t('cancel_reply');
        this.#quote.replaceChildren(
            ...(quoted
                ? [
                      icon('reply', 16), h('bdi', { class: 'line' }, `${quoted.name}: ${[...quoted.text].slice(0, QUOTE_LENGTH).join('')}`),
                      h('button', { type: 'button', class: 'knob', 'aria-label': cancel, title: cancel, onclick: () => this.quote(null) }, icon('close', 16)),
                  ]
                : []),
        );
        if (quoted) this.focus();
    }

    async addFiles(files: Iterable<File>): Promise<void> {
        const added = [...files].map((file) => ({ file, name: file.name || 'file' }));
        if (!added.length || this.#attach.hidden) return;
        const view = await this.#withFiles();
        const left = view?.add(added);
        if (left) this.#say(left);
        this.#settle();
    }

    async #withFiles(): Promise<FilesView | null> {
        const part = await this.lazy.get(parts.files);
        if (!part || this.#files) return this.#files;
        this.#files = new part.FilesView(this.texts, this.actions.uploads, () => this.uploadsChanged(), () => this.focus());
        this.element.prepend(this.#files.element);
        return this.#files;
    }

    update(features: string[]): void {
        this.#attach.hidden = !features.includes('attachments');
        this.#emoji.hidden = !features.includes('emoji');
        this.#mic.hidden = this.#attach.hidden || !mayRecord;
        this.#files?.update();
        this.#showState();
    }

    #showState(): void {
        const over = this.#length - this.actions.limit();
        const empty = !this.#box.value.trim() && !this.#files?.count;
        set(this.#sendButton, 'aria-disabled', empty || over > 0 || this.#files?.busy ? 'true' : null);
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
        this.#files?.update();
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
        const count = this.#files?.count ?? 0;
        if (this.#files?.busy) {
            if (body || count) this.#say(this.texts.t('uploads_busy'));
            return;
        }
        if ((!body && !count) || this.#length > this.actions.limit()) return;
        this.actions.send(body, this.#files?.take() ?? [], this.#quoted?.id);
        this.quote(null);
        this.#closeBoard(false);
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

    async #toggleBoard(): Promise<void> {
        if (this.#board?.open) return this.#closeBoard(true);
        const part = await this.lazy.get(parts.emoji);
        if (!part) return;
        if (!this.#board) {
            this.#board = new part.EmojiBoard(this.texts, (emoji) => this.#insert(emoji), () => this.#closeBoard(true));
            this.element.prepend(this.#board.element);
        }
        this.#board.show();
        set(this.#emoji, 'aria-expanded', 'true');
    }

    #insert(emoji: string): void {
        const { selectionStart, selectionEnd } = this.#box;
        this.#box.setRangeText(emoji, selectionStart, selectionEnd, 'end');
        this.#closeBoard(true);
        this.#changed();
    }

    #closeBoard(refocus: boolean): void {
        if (!this.#board?.open) return;
        this.#board.hide();
        set(this.#emoji, 'aria-expanded', 'false');
        if (refocus) this.focus();
    }

    /** A voice note is a file like others: it stands beside the message until that is sent. */
    async #record(): Promise<void> {
        const part = await this.lazy.get(parts.voice);
        if (!part || this.#voice) return;
        const done = (file: File | null, why?: string): void => {
            this.#voice?.element.remove();
            this.#voice = null;
            this.element.classList.remove('recording');
            if (why) this.#say(why);
            if (file) void this.addFiles([file]);
            else this.focus();
        };
        this.#voice = new part.VoiceView(this.texts, done);
        this.element.classList.add('recording');
        this.element.prepend(this.#voice.element);
        void this.#voice.start();
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

    /** Called whenever an upload has moved, or may begin. */
    uploadsChanged(): void {
        this.#saveDraft();
        this.#files?.update();
        this.#showState();
    }

    /** A token has come: what waited for it may go up. */
    advance(): void {
        this.#files?.advance();
    }

    #saveDraft(): void {
        const draft = { body: this.#box.value, files: this.#files?.ready ?? [] };
        if (draft.body || draft.files.length) this.drafts.set('draft', JSON.stringify(draft));
        else this.drafts.remove('draft');
    }

    #restore(): void {
        try {
            const draft = JSON.parse(this.drafts.get('draft') ?? 'null') as { body?: string; files?: FileRef[] } | null;
            if (!draft) return;
            this.#box.value = String(draft.body ?? '');
            const files = draft.files;
            if (Array.isArray(files) && files.length) void this.#withFiles().then((view) => view?.restore(files));
        } catch {
            this.drafts.remove('draft');
        }
    }
}
