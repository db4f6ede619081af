import type { Texts } from '../i18n';
import type { FileRef } from '../protocol/types';
import type { UploadWorld } from '../state/uploads';
import type { Quote } from './composer';
import { h, set } from './dom';
import type { EmojiBoard } from './emoji';
import { adopt } from './extra';
import type { FilesView } from './files';
import { icon } from './icons';
import { parts, type Lazy } from './lazy';
import type { VoiceView } from './voice';

/** The composer as what is beside the text sees it. */
export interface ComposerHost {
    element: HTMLElement;
    box: HTMLTextAreaElement;
    /** The button that opens the board. */
    emoji: HTMLButtonElement;
    uploads: Omit<UploadWorld, 'changed' | 'start'>;
    say(words: string): void;
    /** What is to be sent has changed. */
    changed(): void;
    /** So has the text, as if by typing. */
    typed(): void;
    focus(): void;
}

const QUOTE_LENGTH = 120;

/** What goes with a text: the message it answers, files, emoji, a voice note. */
export class ComposerExtras {
    quoted: Quote | null = null;
    #quote = h('div', { class: 'quote', hidden: true });
    #board: EmojiBoard | null = null;
    #files: FilesView | null = null;
    #voice: VoiceView | null = null;

    constructor(private texts: Texts, private lazy: Lazy, private host: ComposerHost) {
        adopt();
        host.element.prepend(this.#quote);
        document.addEventListener('pointerdown', (e) => {
            const target = e.target as Node;
            if (!this.#board?.element.contains(target) && !host.emoji.contains(target)) this.#closeBoard(false);
        });
    }

    get count(): number {
        return this.#files?.count ?? 0;
    }

    get busy(): boolean {
        return !!this.#files?.busy;
    }

    get ready(): FileRef[] {
        return this.#files?.ready ?? [];
    }

    take(): FileRef[] {
        return this.#files?.take() ?? [];
    }

    update(): void {
        this.#files?.update();
    }

    advance(): void {
        this.#files?.advance();
    }

    /** The message has gone. */
    sent(): void {
        this.quote(null);
        this.#closeBoard(false);
    }

    /** True when there was something to close. */
    escape(): boolean {
        if (this.#board?.open) this.#closeBoard(true);
        else if (this.quoted) {
            this.quote(null);
            this.host.focus();
        } else return false;
        return true;
    }

    /** The next message answers that one. */
    quote(quoted: Quote | null): void {
        this.quoted = quoted;
        this.#quote.hidden = !quoted;
        const cancel = this.texts.t('cancel_reply');
        this.#quote.replaceChildren(
            ...(quoted
                ? [
                      icon('reply', 16), h('bdi', { class: 'line' }, `${quoted.name}: ${[...quoted.text].slice(0, QUOTE_LENGTH).join('')}`),
                      h('button', { type: 'button', class: 'knob', 'aria-label': cancel, title: cancel, onclick: () => this.escape() }, icon('close', 16)),
                  ]
                : []),
        );
        if (quoted) this.host.focus();
    }

    async addFiles(files: { file: File; name: string }[]): Promise<void> {
        const left = (await this.#withFiles()).add(files);
        if (left) this.host.say(left);
        this.host.changed();
    }

    async restore(files: FileRef[]): Promise<void> {
        (await this.#withFiles()).restore(files);
    }

    async #withFiles(): Promise<FilesView> {
        const part = await this.lazy.get(parts.files);
        if (this.#files) return this.#files;
        this.#files = new part.FilesView(this.texts, this.host.uploads, () => this.host.changed(), () => this.host.focus());
        this.host.element.prepend(this.#files.element);
        return this.#files;
    }

    async toggleBoard(): Promise<void> {
        if (this.#board?.open) return this.#closeBoard(true);
        const part = await this.lazy.soon(parts.emoji);
        if (!part) return;
        if (!this.#board) {
            this.#board = new part.EmojiBoard(this.texts, (emoji) => this.#insert(emoji), () => this.#closeBoard(true));
            this.host.element.prepend(this.#board.element);
        }
        this.#board.show();
        set(this.host.emoji, 'aria-expanded', 'true');
    }

    #insert(emoji: string): void {
        const { box } = this.host;
        box.setRangeText(emoji, box.selectionStart, box.selectionEnd, 'end');
        this.#closeBoard(true);
        this.host.typed();
    }

    #closeBoard(refocus: boolean): void {
        if (!this.#board?.open) return;
        this.#board.hide();
        set(this.host.emoji, 'aria-expanded', 'false');
        if (refocus) this.host.focus();
    }

    /** A voice note is a file like others: it stands beside the message until that is sent. */
    async record(): Promise<void> {
        const part = await this.lazy.soon(parts.voice);
        if (!part || this.#voice) return;
        const { element } = this.host;
        const done = (file: File | null, why?: string): void => {
            this.#voice?.element.remove();
            this.#voice = null;
            element.classList.remove('recording');
            if (why) this.host.say(why);
            if (file) void this.addFiles([{ file, name: file.name }]);
            this.host.focus();
        };
        this.#voice = new part.VoiceView(this.texts, done);
        element.classList.add('recording');
        element.prepend(this.#voice.element);
        void this.#voice.start();
    }
}
