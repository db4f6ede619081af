import { bag, list, text } from './decode';
import type { Field } from './types';

/** A field of the form before the chat or of a form in it; they differ in names only. */
export function field(v: unknown): Field | null {
    const f = bag(v);
    const label = text(f.label) || text(f.name);
    if (!text(f.name)) return null;
    const option = (o: unknown): Field['options'][0] => {
        const value = text(o) || text(bag(o).value);
        return { value, label: text(bag(o).label) || value };
    };
    return {
        name: text(f.name),
        label,
        type: text(f.type) || 'text',
        required: f.required === true,
        placeholder: text(f.placeholder),
        options: list(f.values ?? f.options).map(option),
        pattern: text(f.regex_pattern) || text(f.pattern),
        cue: text(f.regex_cue) || text(f.title),
        initial: text(f.default),
        each: f.field_type === 'conversation_attribute',
    };
}
