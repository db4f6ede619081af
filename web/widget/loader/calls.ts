import type { Identity, Theme, ToFrame, Value, Values } from '../bridge_messages';

/** What a call of the page becomes for the frame; what cannot be right is thrown with a code and a sentence. */

const TEXTS = ['identifier_hash', 'jwt', 'name', 'email', 'phone_number', 'avatar_url', 'description', 'country_code', 'city', 'company_name'] as const;

class Wrong extends Error {
    constructor(readonly code: string, message: string) {
        super(message);
    }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Only what survives JSON, so that a page's live objects stay on the page. */
function plain(value: unknown): Values {
    return JSON.parse(JSON.stringify(value)) as Values;
}

function values(given: unknown): Values {
    const taken = isObject(given) ? plain(given) : {};
    if (!Object.keys(taken).length) throw new Wrong('invalid_attributes', 'Custom attributes are an object with at least one name and value');
    return taken;
}

function removed(name: unknown): Record<string, Value> {
    return { [word(name, 'invalid_attributes', 'The name of a custom attribute is a text')]: null };
}

function word(given: unknown, code: string, message: string): string {
    if (typeof given !== 'string' || !given) throw new Wrong(code, message);
    return given;
}

export function identityOf(id: unknown, given: unknown): Identity {
    const user = isObject(given) ? plain(given) : {};
    const identity: Identity = {};
    for (const name of TEXTS) if (typeof user[name] === 'string' && user[name]) identity[name] = user[name] as string;
    if (typeof id === 'number' ? Number.isFinite(id) : typeof id === 'string' && id) identity.identifier = String(id);
    else if (!identity.jwt) throw new Wrong('invalid_user', 'setUser needs an identifier that is a text or a number');
    if (!identity.name && !identity.email && !identity.avatar_url && !identity.jwt) {
        throw new Wrong('invalid_user', 'setUser needs at least one of name, email and avatar_url');
    }
    if (isObject(user.social_profiles)) identity.social_profiles = user.social_profiles as Record<string, string>;
    if (isObject(user.custom_attributes)) identity.custom_attributes = user.custom_attributes as Values;
    return identity;
}

export function translate(name: string, rest: unknown[], now: { theme(): Theme; locale(): string | null }): ToFrame[] {
    const [first] = rest;
    switch (name) {
        case 'setUser':
            return [{ k: 'user', identity: identityOf(first, rest[1]) }];
        case 'setCustomAttributes':
            return [{ k: 'contact', values: values(first) }];
        case 'deleteCustomAttribute':
            return [{ k: 'contact', values: removed(first) }];
        case 'setConversationCustomAttributes':
            return [{ k: 'conversation', values: values(first) }];
        case 'deleteConversationCustomAttribute':
            return [{ k: 'conversation', values: removed(first) }];
        case 'setLabel':
        case 'removeLabel':
            return [{ k: 'label', label: word(first, 'invalid_label', 'A label is a text'), on: name === 'setLabel' }];
        case 'setLocale':
            return [{ k: 'locale', locale: now.locale() }];
        case 'setColorScheme':
            return [{ k: 'theme', theme: now.theme() }];
        case 'reset':
            return [{ k: 'reset' }];
        case 'popout':
            if (!first) throw new Wrong('popup_blocked', 'The browser opened no window: call popoutChatWindow in answer to a click');
            return [{ k: 'popout', name: rest[1] as string }];
        default:
            return [];
    }
}
