import type { Texts } from '../i18n';
import type { FileRef } from '../protocol/types';
import type { Store } from '../state/storage';
import { FILES_MAX, type Upload, type Uploads } from '../state/uploads';
import { fileName } from './bubble';
import { arrange, h, set, text } from './dom';
import { EmojiBoard } from './emoji';
import { icon } from './icons';

export interface ComposerActions {
    send(body: string, files: FileRef[]): void;
    typed(on: boolean): void;
    limit(): number;
    uploadLimit(): number;
}

const COUNT_FROM = 100;

/** Where the visitor writes: text box, files, emoji, Send. Keeps its draft over a reload of the tab. */
export class Composer {
    readonly element: HTMLElement;
    #box: HTMLTextAreaElement;
    #chips: HTMLElement;
    #note: HTMLElement;
    #picker: HTMLInputElement;
    #attach: HTMLButtonElement;
    #emoji: HTMLButtonElement;
    #board: EmojiBoard;
    #sendButton: HTMLButtonElement;
    #chipViews = new Map<string, HTMLElement>();
    #previews = new Map<string, string>();
    #noteTimer: ReturnType<typeof setTimeout> | undefined;

    constructor(private texts: Texts, private uploads: Uploads, private drafts: Store, private actions: ComposerActions) {
        const t = (key: Parameters<Texts['t']>[0]): string => texts.t(key);
        this.#box = h('textarea', {
            'aria-label': t('message'), placeholder: t('placeholder'), rows: 1, enterkeyhint: 'send', autocomplete: 'off',
            oninput: () => this.#changed(),
            onkeydown: (e: KeyboardEvent) => this.#key(e),
            onpaste: (e: ClipboardEvent) => this.#paste(e),
        });
        this.#chips = h('ul', { class: 'chips', hidden: true });
        this.#note = h('p', { class: 'note', role: 'status' });
        this.#picker = h('input', { type: 'file', multiple: true, hidden: true, onchange: () => this.#picked() });
        this.#attach = h('button', { type: 'button', class: 'tool', 'aria-label': t('attach'), title: t('attach'), onclick: () => this.#picker.click() }, icon('clip'));
        this.#emoji = h('button', { type: 'button', class: 'tool', 'aria-label': t('emoji'), title: t('emoji'), 'aria-expanded': 'false', onclick: () => this.#toggleBoard() }, icon('smile'));
        this.#board = new EmojiBoard(texts, (emoji) => this.#insert(emoji), () => this.#closeBoard(true));
        this.#sendButton = h('button', { type: 'submit', class: 'send', 'aria-label': t('send'), title: t('send') }, icon('send'));
        this.element = h(
            'form', { class: 'composer', onsubmit: (e: Event) => this.#submit(e) },
            this.#board.element, this.#chips, this.#box,
            h('div', { class: 'tools' }, this.#attach, this.#emoji, this.#picker, this.#note, this.#sendButton),
        );
        document.addEventListener('pointerdown', (e) => {
            const target = e.target as Node;
            if (this.#board.open && !this.#board.element.contains(target) && !this.#emoji.contains(target)) this.#closeBoard(false);
        });
        this.#restore();
        this.#grow();
        this.update([]);
    }

    focus(): void {
        this.#box.focus({ preventScroll: true });
    }

    /** Escape: true when there was something of its own to close. */
    escape(): boolean {
        if (!this.#board.open) return false;
        this.#closeBoard(true);
        return true;
    }

    addFiles(files: Iterable<File>): void {
        const added = [...files].map((file) => ({ file, name: file.name || 'file' }));
        if (!added.length || this.#attach.hidden) return;
        const leftOut = this.uploads.add(added);
        if (leftOut) this.#say(this.texts.t('files_left_out', { n: FILES_MAX }));
        this.#saveDraft();
    }

    update(features: string[]): void {
        this.#attach.hidden = !features.includes('attachments');
        this.#emoji.hidden = !features.includes('emoji');
        this.#showChips();
        this.#showState();
    }

    #showState(): void {
        const over = this.#length - this.actions.limit();
        const empty = !this.#box.value.trim() && !this.uploads.items.length;
        set(this.#sendButton, 'aria-disabled', empty || over > 0 || this.uploads.busy ? 'true' : null);
        this.element.classList.toggle('over', over > 0);
        if (over > 0) this.#say(this.texts.t('over', { n: over }), true);
        else if (over > -COUNT_FROM) this.#say(String(-over), true);
        else if (this.#noteTimer === undefined) text(this.#note, '');
    }

    get #length(): number {
        return [...this.#box.value.trim()].length;
    }

    #changed(): void {
        this.#grow();
        this.#saveDraft();
        this.#showState();
        this.actions.typed(this.#box.value.trim() !== '');
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
        if (this.uploads.busy) {
            if (body || this.uploads.items.length) this.#say(this.texts.t('uploads_busy'));
            return;
        }
        if ((!body && !this.uploads.items.length) || this.#length > this.actions.limit()) return;
        this.actions.send(body, this.uploads.take());
        this.#box.value = '';
        this.#grow();
        this.#saveDraft();
        this.#closeBoard(false);
        this.#showChips();
        this.#showState();
        this.focus();
    }

    #paste(event: ClipboardEvent): void {
        const files = event.clipboardData?.files;
        if (!files?.length) return;
        event.preventDefault();
        this.addFiles(files);
    }

    #picked(): void {
        this.addFiles(this.#picker.files ?? []);
        this.#picker.value = '';
        this.focus();
    }

    #insert(emoji: string): void {
        const { selectionStart, selectionEnd } = this.#box;
        this.#box.setRangeText(emoji, selectionStart, selectionEnd, 'end');
        this.#closeBoard(true);
        this.#changed();
    }

    #toggleBoard(): void {
        if (this.#board.open) return this.#closeBoard(true);
        this.#board.show();
        set(this.#emoji, 'aria-expanded', 'true');
    }

    #closeBoard(refocus: boolean): void {
        this.#board.hide();
        set(this.#emoji, 'aria-expanded', 'false');
        if (refocus) this.focus();
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

    #showChips(): void {
        const views = new Map<string, HTMLElement>();
        for (const item of this.uploads.items) {
            const view = this.#chipViews.get(item.id) ?? this.#chip(item);
            this.#updateChip(view, item);
            views.set(item.id, view);
        }
        for (const [id, url] of this.#previews) {
            if (views.has(id)) continue;
            URL.revokeObjectURL(url);
            this.#previews.delete(id);
        }
        this.#chipViews = views;
        this.#chips.hidden = !views.size;
        arrange(this.#chips, [...views.values()]);
    }

    #chip(item: Upload): HTMLElement {
        const { texts } = this;
        const kind = h('span', { class: 'kind' }, icon(item.mime.startsWith('image/') ? 'image' : 'file'));
        if (item.file && /^image\/(png|jpeg|gif|webp)$/.test(item.mime)) {
            const url = URL.createObjectURL(item.file);
            this.#previews.set(item.id, url);
            const image = h('img', { src: url, alt: '', onerror: () => image.remove() });
            kind.append(image);
        }
        return h(
            'li', { class: 'chip' }, kind,
            h('span', { class: 'about' }, fileName(item.name), h('span', { class: 'size' })),
            h('button', { type: 'button', class: 'chip-retry', 'aria-label': texts.t('retry'), title: texts.t('retry'), onclick: () => this.uploads.retry(item.id) }, icon('retry', 16)),
            h('button', { type: 'button', class: 'chip-remove', 'aria-label': texts.t('remove_file', { name: item.name }), title: texts.t('remove_file', { name: item.name }), onclick: () => this.#removeFile(item.id) }, icon('close', 16)),
            h('span', { class: 'progress' }),
        );
    }

    #updateChip(view: HTMLElement, item: Upload): void {
        set(view, 'data-state', item.state);
        const about = view.querySelector('.size')!;
        if (item.refused === 'too_large') text(about, this.texts.t('too_large', { size: this.texts.size(this.actions.uploadLimit()) }));
        else if (item.refused) text(about, this.texts.t(item.refused));
        else if (item.state === 'failed') text(about, this.texts.t('upload_failed'));
        else if (item.state === 'done') text(about, this.texts.size(item.size));
        else text(about, this.texts.t('uploading', { percent: this.texts.percent(item.part) }));
        view.querySelector<HTMLElement>('.chip-retry')!.hidden = item.state !== 'failed' || !!item.refused;
        view.querySelector<HTMLElement>('.progress')!.style.inlineSize = item.state === 'uploading' ? Math.round(item.part * 100) + '%' : '0';
    }

    #removeFile(id: string): void {
        this.uploads.remove(id);
        this.#saveDraft();
        this.#showChips();
        this.#showState();
        this.focus();
    }

    /** Called whenever an upload has moved. */
    uploadsChanged(): void {
        this.#saveDraft();
        this.#showChips();
        this.#showState();
    }

    #saveDraft(): void {
        const draft = { body: this.#box.value, files: this.uploads.ready };
        if (draft.body || draft.files.length) this.drafts.set('draft', JSON.stringify(draft));
        else this.drafts.remove('draft');
    }

    #restore(): void {
        try {
            const draft = JSON.parse(this.drafts.get('draft') ?? 'null') as { body?: string; files?: FileRef[] } | null;
            if (!draft) return;
            this.#box.value = String(draft.body ?? '');
            if (Array.isArray(draft.files)) this.uploads.restore(draft.files);
        } catch {
            this.drafts.remove('draft');
        }
    }
}
