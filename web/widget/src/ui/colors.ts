type Rgb = [number, number, number];

const WHITE: Rgb = [255, 255, 255];
const INK: Rgb = [27, 27, 34];

export function parseColor(hex: string): Rgb | null {
    const m = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(hex.trim());
    if (!m) return null;
    const digits = m[1]!.length === 3 ? [...m[1]!].map((d) => d + d).join('') : m[1]!;
    const value = parseInt(digits, 16);
    return [value >> 16, (value >> 8) & 255, value & 255];
}

function luminance(color: Rgb): number {
    const [r, g, b] = color.map((v) => {
        const c = v / 255;
        return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    }) as Rgb;
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(a: Rgb, b: Rgb): number {
    const [x, y] = [luminance(a), luminance(b)];
    return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

const mix = (a: Rgb, b: Rgb, part: number): Rgb => a.map((v, i) => Math.round(v + (b[i]! - v) * part)) as Rgb;
const css = (c: Rgb): string => `rgb(${c.join(' ')})`;

/** The nearest to `color` that stands out from `ground` by `ratio`. */
function readable(color: Rgb, ground: Rgb, ratio: number): Rgb {
    const towards = luminance(ground) > 0.4 ? INK : WHITE;
    for (let part = 0; part < 1; part += 0.05) {
        const c = mix(color, towards, part);
        if (contrast(c, ground) >= ratio) return c;
    }
    return towards;
}

/** The CSS properties that carry an inbox's colour; every pair of text and ground is readable. */
export function brand(hex: string, dark: boolean): Record<string, string> {
    const asked = parseColor(hex);
    if (!asked) return {};
    const surface: Rgb = dark ? [23, 23, 28] : WHITE;
    // Links stand on bubbles and cards too; this is the worst of those grounds.
    const tinted: Rgb = dark ? [40, 40, 52] : [238, 238, 246];
    const on = contrast(WHITE, asked) >= 3.6 || contrast(WHITE, asked) >= contrast(INK, asked) ? WHITE : INK;
    const color = readable(asked, on, 4.5);
    return {
        '--brand': css(color),
        '--brandHover': css(mix(color, on === WHITE ? INK : WHITE, 0.14)),
        '--brandDeep': css(mix(color, on === WHITE ? INK : WHITE, 0.26)),
        '--onBrand': css(on),
        '--brandText': css(readable(color, tinted, 4.5)),
        '--brandLine': css(readable(color, surface, 3)),
        '--brandSoft': css(mix(surface, color, dark ? 0.22 : 0.1)),
    };
}
