/** Everything is optional; what is left out is as the inbox and the visitor's browser say. */
export interface DeskbellSettings {
    /** "de", "pt_BR", …; else the page's `lang`. */
    locale?: string;
    /** Take the language from the visitor's browser, whatever the page's is. */
    useBrowserLanguage?: boolean;
    position?: 'left' | 'right';
    /** A round launcher, or one with `launcherTitle` in it. */
    type?: 'standard' | 'expanded_bubble';
    launcherTitle?: string;
    hideMessageBubble?: boolean;
    darkMode?: 'light' | 'dark' | 'auto';
    widgetStyle?: 'standard' | 'flat';
    /** "#RRGGBB". Else the inbox's, which the launcher knows once the chat has been open. */
    color?: string;
    showPopoutButton?: boolean;
    /** Show answers beside the launcher while the chat is closed. Default: true. */
    showUnreadMessagesDialog?: boolean;
    welcomeTitle?: string;
    welcomeDescription?: string;
    availableMessage?: string;
    unavailableMessage?: string;
    enableFileUpload?: boolean;
    enableEmojiPicker?: boolean;
    enableEndConversation?: boolean;
    /** "required": nothing is shown, asked for or stored before `consent()`. */
    consent?: 'required';
    /** Load the chat when the page is idle instead of when it is wanted: for campaigns. Default: false. */
    preload?: boolean;
    /** false: the names of the other product ($chatwoot, chatwoot:*) are left alone. */
    compat?: boolean;
}

export interface DeskbellUser {
    name?: string;
    email?: string;
    avatar_url?: string;
    phone_number?: string;
    /** Hex HMAC-SHA256 of the identifier, made on your server with the inbox's secret. */
    identifier_hash?: string;
    /** Or a short-lived HS256 token with `sub` and `exp`, made on your server with the same secret. */
    jwt?: string;
    description?: string;
    country_code?: string;
    city?: string;
    company_name?: string;
    social_profiles?: Record<string, string>;
    custom_attributes?: DeskbellAttributes;
}

export type DeskbellAttributes = Record<string, string | number | boolean | null>;

export interface DeskbellMessage {
    /** For a notice: who wrote, and the beginning of what. */
    name: string;
    text: string;
    id?: string;
    content?: string;
    /** 0 the visitor's, 1 an agent's. */
    message_type?: 0 | 1;
    content_type?: string;
    content_attributes?: Record<string, unknown>;
    /** Seconds. */
    created_at?: number;
    conversation_id?: string;
    sender?: { name: string; avatar_url: string | null; type: 'contact' | 'user' } | null;
    attachments?: { file_name: string; content_type: string; file_size: number; data_url: string | null }[];
}

export interface DeskbellError {
    /** invalid_user, identity_invalid, invalid_attributes, invalid_label, popup_blocked, unreachable, site_unknown, rate, … */
    code: string;
    message?: string;
    field?: string;
}

/** The events, and what comes with them. On `window` they are "deskbell:" + name, with it in `detail`. */
export interface DeskbellEvents {
    ready: undefined;
    opened: undefined;
    closed: undefined;
    'on-message': DeskbellMessage;
    'on-start-conversation': { hasConversation: boolean; conversationId: string };
    postback: { payload: string; messageId: string };
    unread: number;
    error: DeskbellError;
}

/** `window.$deskbell`. Calls before the chat is there wait for it. */
export interface DeskbellApi {
    readonly websiteToken: string;
    readonly baseUrl: string;
    readonly hasLoaded: boolean;
    readonly isOpen: boolean;
    open(): void;
    close(): void;
    toggle(state?: 'open' | 'close'): void;
    toggleBubbleVisibility(state: 'show' | 'hide'): void;
    popoutChatWindow(): void;
    setUser(identifier: string | number, user: DeskbellUser): void;
    setCustomAttributes(attributes: DeskbellAttributes): void;
    deleteCustomAttribute(name: string): void;
    setConversationCustomAttributes(attributes: DeskbellAttributes): void;
    deleteConversationCustomAttribute(name: string): void;
    setLabel(label: string): void;
    removeLabel(label: string): void;
    setLocale(locale: string): void;
    setColorScheme(scheme: 'light' | 'dark' | 'auto'): void;
    /** At sign-out: forget this visitor. */
    reset(): void;
    consent(given?: boolean): void;
    on<E extends keyof DeskbellEvents>(event: E, handler: (detail: DeskbellEvents[E]) => void): void;
    off<E extends keyof DeskbellEvents>(event: E, handler: (detail: DeskbellEvents[E]) => void): void;
}

declare global {
    interface Window {
        $deskbell?: DeskbellApi;
        deskbellSettings?: DeskbellSettings;
        deskbellSDK?: { run(options: { websiteToken: string; baseUrl?: string }): void };
    }
    interface WindowEventMap {
        'deskbell:ready': CustomEvent<DeskbellEvents['ready']>;
        'deskbell:opened': CustomEvent<DeskbellEvents['opened']>;
        'deskbell:closed': CustomEvent<DeskbellEvents['closed']>;
        'deskbell:on-message': CustomEvent<DeskbellEvents['on-message']>;
        'deskbell:on-start-conversation': CustomEvent<DeskbellEvents['on-start-conversation']>;
        'deskbell:postback': CustomEvent<DeskbellEvents['postback']>;
        'deskbell:unread': CustomEvent<DeskbellEvents['unread']>;
        'deskbell:error': CustomEvent<DeskbellEvents['error']>;
    }
}
