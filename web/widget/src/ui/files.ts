import type { Texts } from '../i18n';
import { fileSize, percent } from '../i18n/format';
import { upload } from '../protocol/upload';
import type { FileRef } from '../protocol/types';
import { FILES_MAX, Uploads, type Upload, type UploadWorld } from '../state/uploads';
import { adopt } from './extra';
import { arrange, h, set, text } from './dom';
import { fileName } from './file_card';
import { icon } from './icons';
import { picture } from './icons_more';

/** The files beside the message being written, each with how far it has come. */
export class FilesView {
    readonly element: HTMLElement;
    #uploads: Uploads;
    #views = new Map<string, HTMLElement>();
    #previews = new Map<string, string>();

    constructor(private texts: Texts, private world: Omit<UploadWorld, 'changed' | 'start'>, private changed: () => void, private left: () => void) {
        adopt();
        this.#uploads = new Uploads({ ...world, start: upload, changed });
        this.element = h('ul', { class: 'chips', hidden: true });
    }

    /** Returns what to say about those that were left out. */
    add(files: { file: Blob; name: string }[]): string {
        return this.#uploads.add(files) ? this.texts.t('files_left_out', { n: FILES_MAX }) : '';
    }

    restore(files: FileRef[]): void {
        this.#uploads.restore(files);
        this.changed();
    }

    get count(): number {
        return this.#uploads.items.length;
    }

    get busy(): boolean {
        return this.#uploads.busy;
    }

    get ready(): FileRef[] {
        return this.#uploads.ready;
    }

    take(): FileRef[] {
        return this.#uploads.take();
    }

    advance(): void {
        if (this.#uploads.items.some((i) => i.state === 'queued')) this.#uploads.advance();
    }

    update(): void {
        const views = new Map<string, HTMLElement>();
        for (const item of this.#uploads.items) {
            const view = this.#views.get(item.id) ?? this.#chip(item);
            this.#updateChip(view, item);
            views.set(item.id, view);
        }
        for (const [id, url] of this.#previews) {
            if (views.has(id)) continue;
            URL.revokeObjectURL(url);
            this.#previews.delete(id);
        }
        this.#views = views;
        this.element.hidden = !views.size;
        arrange(this.element, [...views.values()]);
    }

    #chip(item: Upload): HTMLElement {
        const { texts } = this;
        const kind = h('span', { class: 'kind' }, picture(item.mime.startsWith('image/') ? 'image' : 'file'));
        if (item.file && /^image\/(png|jpeg|gif|webp)$/.test(item.mime)) {
            const url = URL.createObjectURL(item.file);
            this.#previews.set(item.id, url);
            const image = h('img', { src: url, alt: '', onerror: () => image.remove() });
            kind.append(image);
        }
        const button = (cls: string, label: string, shape: SVGElement, run: () => void): HTMLElement =>
            h('button', { type: 'button', class: cls, 'aria-label': label, title: label, onclick: run }, shape);
        return h(
            'li', { class: 'chip' }, kind,
            h('span', { class: 'about' }, fileName(item.name), h('span', { class: 'size' })),
            button('chip-retry', texts.t('retry'), icon('retry', 16), () => this.#uploads.retry(item.id)),
            button('chip-remove', texts.t('remove_file', { name: item.name }), icon('close', 16), () => this.#remove(item.id)),
            h('span', { class: 'progress', role: 'progressbar', 'aria-label': item.name }),
        );
    }

    #updateChip(view: HTMLElement, item: Upload): void {
        set(view, 'data-state', item.state);
        const about = view.querySelector('.size')!;
        if (item.refused === 'too_large') text(about, this.texts.t('too_large', { size: fileSize(this.texts, this.world.limit()) }));
        else if (item.refused) text(about, this.texts.t(item.refused));
        else if (item.state === 'failed') text(about, this.texts.t('upload_failed'));
        else if (item.state === 'done') text(about, fileSize(this.texts, item.size));
        else text(about, this.texts.t('uploading', { percent: percent(this.texts, item.part) }));
        view.querySelector<HTMLElement>('.chip-retry')!.hidden = item.state !== 'failed' || !!item.refused;
        const bar = view.querySelector<HTMLElement>('.progress')!;
        const now = Math.round(item.part * 100);
        bar.hidden = item.state !== 'uploading';
        bar.style.inlineSize = now + '%';
        set(bar, 'aria-valuenow', now);
    }

    #remove(id: string): void {
        this.#uploads.remove(id);
        this.changed();
        this.left();
    }
}
