import type { Texts } from '../i18n';
import { adopt } from './extra';
import { h } from './dom';
import { icon } from './icons';

/** Files that are dragged over the chat are taken where they are let go, with a sign that they would be. */
export class DropView {
    #cover: HTMLElement;

    constructor(texts: Texts, private add: (files: File[]) => void) {
        adopt();
        this.#cover = h('div', { class: 'cover', 'aria-hidden': 'true', hidden: true }, icon('clip', 28), texts.t('drop'));
        document.body.firstElementChild!.append(this.#cover);
    }

    heard(e: DragEvent): void {
        if (e.type === 'dragleave' && e.relatedTarget) return;
        this.#cover.hidden = e.type !== 'dragover';
        if (e.type === 'drop') this.add([...e.dataTransfer!.files]);
    }
}
