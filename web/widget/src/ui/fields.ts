import type { Texts } from '../i18n';
import type { Field } from '../protocol/types';
import { h, set, text } from './dom';

type Input = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const KINDS: Record<string, Record<string, string>> = {
    email: { type: 'email', autocomplete: 'email', inputmode: 'email' },
    phone: { type: 'tel', autocomplete: 'tel', inputmode: 'tel' },
    number: { type: 'text', inputmode: 'decimal' },
    link: { type: 'url', inputmode: 'url', autocomplete: 'url' },
    date: { type: 'date' },
    text: { type: 'text' },
};
const EMAIL = /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/;
const PHONE = /^\+[1-9]\d{6,14}$/;
const LONGEST = 500;
let ids = 0;

/** What is wrong with a value, as a sentence; empty when nothing is. */
export function fault(field: Field, value: string, texts: Texts): string {
    const v = value.trim();
    if (!v) return field.required ? texts.t(field.type === 'checkbox' ? 'must_agree' : 'must_fill') : '';
    if (field.type === 'email' && !EMAIL.test(v)) return texts.t('bad_email');
    if (field.type === 'phone' && !PHONE.test(v.replace(/[\s().\-/]/g, ''))) return texts.t('bad_phone');
    if (field.type === 'number' && !/^-?\d+([.,]\d+)?$/.test(v)) return texts.t('bad_number');
    if (field.type === 'link' && !/^https?:\/\/[^\s.]+\.\S+$/i.test(v)) return texts.t('bad_link');
    if (field.type === 'list' && !field.options.some((o) => o.value === v)) return texts.t('must_fill');
    try {
        if (field.pattern && !new RegExp(field.pattern, 'u').test(v)) return field.cue || texts.t('bad_value');
    } catch {
        // a pattern that is none asks for nothing; the server decides
    }
    return '';
}

/** One question with its label, its hint and what is wrong with the answer. */
export class FieldView {
    readonly element: HTMLElement;
    readonly input: Input;
    #fault: HTMLElement;
    #touched = false;

    constructor(private texts: Texts, readonly field: Field) {
        const id = `f${++ids}`;
        const { type } = field;
        const common = { id, name: field.name, placeholder: field.placeholder || null, required: field.required, 'aria-describedby': id + 'e', maxlength: LONGEST };
        this.#fault = h('p', { class: 'fault', id: id + 'e', hidden: true });
        if (type === 'list' || type === 'select') {
            this.input = h(
                'select', { id, name: field.name, required: field.required, 'aria-describedby': id + 'e' },
                h('option', { value: '' }, field.placeholder || texts.t('choose')), ...field.options.map((o) => h('option', { value: o.value }, o.label)),
            );
        } else if (type === 'text_area') {
            this.input = h('textarea', { ...common, rows: 3, class: 'wide' });
        } else if (type === 'checkbox') {
            this.input = h('input', { id, name: field.name, type: 'checkbox', required: field.required, 'aria-describedby': id + 'e' });
        } else {
            const kind = field.name === 'fullName' ? { type: 'text', autocomplete: 'name' } : (KINDS[type] ?? KINDS.text!);
            this.input = h('input', { ...common, ...kind });
        }
        if (field.initial) this.value = field.initial;
        if (type !== 'checkbox' && type !== 'list' && type !== 'date') set(this.input, 'dir', 'auto');
        const label = h('label', { for: id, dir: 'auto' }, field.label, !field.required && type !== 'checkbox' && h('span', { class: 'optional' }, ` ${texts.t('optional')}`));
        this.element = h('div', { class: type === 'checkbox' ? 'field check' : 'field' }, ...(type === 'checkbox' ? [this.input, label] : [label, this.input]), this.#fault);
        this.input.addEventListener('change', () => {
            this.#touched = true;
            this.check();
        });
        this.input.addEventListener('input', () => this.#touched && this.check());
    }

    get value(): string {
        if (this.field.type === 'checkbox') return (this.input as HTMLInputElement).checked ? 'true' : '';
        const v = this.input.value.trim();
        return this.field.type === 'phone' ? v.replace(/[\s().\-/]/g, '') : this.field.type === 'number' ? v.replace(',', '.') : v;
    }

    set value(v: string) {
        if (this.field.type === 'checkbox') (this.input as HTMLInputElement).checked = v === 'true';
        else this.input.value = v;
    }

    /** Says what is wrong; true when nothing is. */
    check(): boolean {
        this.complain(fault(this.field, this.value, this.texts));
        return !this.#fault.textContent;
    }

    complain(sentence: string): void {
        this.#touched = true;
        text(this.#fault, sentence);
        this.#fault.hidden = !sentence;
        set(this.input, 'aria-invalid', sentence ? 'true' : null);
    }
}

/** Checks all; takes the reader to the first that is wrong. */
export function checkAll(fields: FieldView[]): boolean {
    const wrong = fields.filter((f) => !f.check());
    wrong[0]?.input.focus();
    return !wrong.length;
}

export function blank(name: string, type: string, label: string, placeholder: string, required: boolean): Field {
    return { name, type, label, placeholder, required, options: [], pattern: '', cue: '', initial: '', each: false };
}
