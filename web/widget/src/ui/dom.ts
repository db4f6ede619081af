type Child = Node | string | null | undefined | false;
type Props = Record<string, string | number | boolean | null | undefined | ((event: never) => void)>;

/**
 * An element with attributes, listeners ("onclick") and children. Text goes in as text nodes only:
 * nothing here, nor anywhere in the widget, parses markup.
 */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(props)) {
        if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener);
        else set(element, name, value);
    }
    for (const child of children) if (child) element.append(child);
    return element;
}

/** Sets an attribute where it differs; null and false remove it. */
export function set(element: Element, name: string, value: string | number | boolean | null | undefined): void {
    if (value === null || value === undefined || value === false) element.removeAttribute(name);
    else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value === true ? '' : String(value));
}

export function text(element: Element, value: string): void {
    if (element.textContent !== value) element.textContent = value;
}

/** Brings the children to be exactly `wanted`, moving as little as possible. */
export function arrange(parent: Element, wanted: Element[]): void {
    const keep = new Set(wanted);
    for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
    wanted.forEach((child, i) => {
        if (parent.children[i] !== child) parent.insertBefore(child, parent.children[i] ?? null);
    });
}

/** Styles travel inside the scripts that need them; each is taken up once. */
const taken = new Set<string>();

export function takeUp(css: string): void {
    if (taken.has(css)) return;
    taken.add(css);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
