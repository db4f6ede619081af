/**
 * What the page's script and the chat frame say to each other, both ways. The script sends one
 * {@link Hello} with a port to the frame's own origin, once for every load of the frame; everything
 * after goes through that port, which no third party holds. Types only: nothing of it is in either bundle.
 *
 * The names of settings, methods and events on the page are those of docs/widget.md; here they are the
 * protocol's.
 */

export type Theme = 'light' | 'dark' | 'auto';

/** Any value that survives JSON. */
export type Value = string | number | boolean | null | Value[] | { [name: string]: Value };
export type Values = Record<string, Value>;

/** Where the visitor is. Neither query nor fragment leave the page. */
export interface PagePlace {
    url: string;
    title: string;
}

/** What the page wants otherwise than the inbox says. What is absent is as the inbox says. */
export interface Overrides {
    /** The accent; the inbox's `color` else. */
    color?: string;
    welcomeTitle?: string;
    welcomeDescription?: string;
    /** Beside the people's names, while somebody is there and while nobody is. */
    availableMessage?: string;
    unavailableMessage?: string;
    enableFileUpload?: boolean;
    enableEmojiPicker?: boolean;
    enableEndConversation?: boolean;
    showPopoutButton?: boolean;
    /** "flat": no shadows, no round corners. */
    widgetStyle?: 'standard' | 'flat';
}

/** Who the page says the visitor is: `identity` of POST /w/v1/session, B.7 of docs/protocol.md. */
export interface Identity {
    identifier?: string;
    identifier_hash?: string;
    jwt?: string;
    name?: string;
    email?: string;
    phone_number?: string;
    avatar_url?: string;
    description?: string;
    country_code?: string;
    city?: string;
    company_name?: string;
    social_profiles?: Record<string, string>;
    custom_attributes?: Values;
}

export interface Opening {
    /** What the page asks for; null: what the visitor's browser says. */
    locale: string | null;
    theme: Theme;
    page: PagePlace;
    open: boolean;
    settings: Overrides;
    /** What `keep` brought in this tab before, see there. */
    kept: string | null;
}

/** The one message that is not on the port: it brings it. */
export interface Hello {
    k: 'deskbell';
    opening: Opening;
}

export type ToFrame =
    | { k: 'open' }
    | { k: 'close' }
    /** The host page moved on without a load. */
    | { k: 'page'; page: PagePlace }
    /**
     * setUser. Nothing happens when it is what was set last (the frame remembers a hash of it with its token).
     * Otherwise the session is asked for again with it. A refusal is told as `error` with the server's code,
     * and the visitor stays who they were.
     */
    | { k: 'user'; identity: Identity }
    /** reset: forget token, outbox, drafts, identity, everything; then be a new visitor. */
    | { k: 'reset' }
    /** PATCH /w/v1/contact. `name: null` removes. Before there is a contact: with the first message or identity. */
    | { k: 'contact'; values: Values }
    /** PATCH /w/v1/conversations/{newest}, or `start` of the next message when there is none that goes on. null removes. */
    | { k: 'conversation'; values: Values }
    | { k: 'label'; label: string; on: boolean }
    | { k: 'locale'; locale: string | null }
    | { k: 'theme'; theme: Theme }
    /** The page opened a window of that name on the frame's own address: hand the visitor over to it, nobody else. */
    | { k: 'popout'; name: string }
    /** The visitor took up this campaign's teaser: show its message; the answer carries `start.campaign`. */
    | { k: 'campaign'; id: string };

/** A message as the page gets it with its event. */
export interface PageMessage {
    id: string;
    conv: string;
    /** "in" is the visitor's own. */
    dir: 'in' | 'out';
    body: string;
    /** Milliseconds. */
    at: number;
    from: { name: string; avatar: string | null } | null;
    content_type?: string;
    content_attributes?: Record<string, unknown>;
    att: { name: string; mime: string; size: number; url: string | null }[];
}

export interface PageCampaign {
    id: string;
    message: string;
    sender: { name: string; avatar: string | null } | null;
    /** A pattern with `*`, and seconds on the page. */
    url: string;
    seconds: number;
}

export type ToPage =
    /**
     * After the frame has drawn itself, and again when colours or language change. `open` names the launcher,
     * `title` the frame, `dismiss` the button that takes a teaser away, `dir` the direction of both.
     */
    | { k: 'ready'; color: string; on: string; open: string; title: string; dismiss: string; dir: 'ltr' | 'rtl'; dark: boolean }
    | { k: 'unread'; n: number; text: string }
    /** A new message, the visitor's own (once it is stored) or an agent's; `name` and `text` are for a teaser. */
    | { k: 'message'; name: string; text: string; avatar: string | null; message: PageMessage }
    /** The visitor begins: the first message of a conversation was stored. `again`: there were others before. */
    | { k: 'started'; conv: string; again: boolean }
    /** A card's button was pressed. */
    | { k: 'postback'; payload: string; message: string }
    | { k: 'ongoing'; on: boolean }
    | { k: 'campaigns'; campaigns: PageCampaign[] }
    | { k: 'close' }
    /** `code` as of the protocol: site_unknown, identity_invalid, invalid (with `field`), rate, unreachable, … */
    | { k: 'error'; code: string; field?: string; message?: string }
    /**
     * Only where the browser denies the frame a storage of its own: hold this text for this tab, so that a
     * reload goes on. null: forget it.
     */
    | { k: 'keep'; text: string | null };
