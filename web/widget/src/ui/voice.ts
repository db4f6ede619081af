import type { Texts } from '../i18n';
import { adopt } from './extra';
import { h, text } from './dom';
import { icon } from './icons';
import { picture } from './icons_more';

const LONGEST_MS = 5 * 60_000;
const TICK_MS = 250;
const KINDS = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'];

/** Records a voice note: shows that it listens and for how long; ends in a file, or in none. */
export class VoiceView {
    readonly element: HTMLElement;
    #clock: HTMLElement;
    #stop: HTMLButtonElement;
    #recorder: MediaRecorder | null = null;
    #chunks: Blob[] = [];
    #began = 0;
    #timer: ReturnType<typeof setInterval> | undefined;
    #over = false;

    constructor(private texts: Texts, private done: (file: File | null, why?: string) => void) {
        adopt();
        this.#clock = h('span', { class: 'clock' }, '0:00');
        this.#stop = h('button', { type: 'button', class: 'tool', 'aria-label': texts.t('voice_stop'), title: texts.t('voice_stop'), onclick: () => this.#recorder?.stop() }, picture('stop'));
        const cancel = texts.t('voice_cancel');
        this.element = h(
            'div', { class: 'voice', onkeydown: (e: KeyboardEvent) => this.#key(e) },
            h('span', { class: 'lamp', 'aria-hidden': 'true' }), h('span', { role: 'status' }, texts.t('voice_on')), this.#clock,
            h('button', { type: 'button', class: 'tool', 'aria-label': cancel, title: cancel, onclick: () => this.#end(null) }, icon('close')), this.#stop,
        );
    }

    async start(): Promise<void> {
        let stream: MediaStream;
        try {
            stream = await navigator.mediaDevices.getUserMedia({ audio: true });
        } catch {
            return this.#end(null, this.texts.t('voice_denied'));
        }
        const mimeType = KINDS.find((k) => MediaRecorder.isTypeSupported(k));
        const recorder = new MediaRecorder(stream, mimeType ? { mimeType } : {});
        this.#recorder = recorder;
        if (this.#over) return this.#silence();
        recorder.ondataavailable = (e) => this.#chunks.push(e.data);
        recorder.onstop = () => {
            const type = recorder.mimeType.split(';')[0] || 'audio/webm';
            const ending = type.split('/')[1]!.replace('mp4', 'm4a').replace('webm', 'weba');
            const stamp = new Date(this.#began).toISOString().slice(0, 19).replace(/\D/g, '-');
            this.#end(new File(this.#chunks, `voice-${stamp}.${ending}`, { type }));
        };
        this.#began = Date.now();
        recorder.start(1000);
        this.#timer = setInterval(() => this.#tick(), TICK_MS);
        this.#stop.focus();
    }

    #tick(): void {
        const ms = Date.now() - this.#began;
        const seconds = Math.floor(ms / 1000);
        text(this.#clock, `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`);
        if (ms > LONGEST_MS) this.#recorder?.stop();
    }

    #key(event: KeyboardEvent): void {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        this.#end(null);
    }

    #silence(): void {
        this.#recorder?.stream.getTracks().forEach((t) => t.stop());
    }

    #end(file: File | null, why?: string): void {
        if (this.#over) return;
        this.#over = true;
        clearInterval(this.#timer);
        this.#silence();
        this.done(file, why);
    }
}
