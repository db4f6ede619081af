#!/usr/bin/env python3
"""Writes the design tokens as a C++ header and as CSS custom properties.

usage: make_tokens.py TOKENS_JSON [--header FILE] [--css FILE]
"""
import argparse
import json
import pathlib
import re
import sys

NOTICE = "Generated from resources/tokens.json by tools/make_tokens.py; change it there."


def upper(name):
    return name[0].upper() + name[1:]


def channels(colour):
    """#RRGGBB or #RRGGBBAA -> (r, g, b, a)."""
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?", colour):
        sys.exit(f"not a colour: {colour}")
    parts = [int(colour[i:i + 2], 16) for i in range(1, len(colour), 2)]
    return tuple(parts + [255][len(parts) - 3:])


def qcolor(colour):
    return "QColor{%d, %d, %d, %d}" % channels(colour)


def css_colour(colour):
    r, g, b, a = channels(colour)
    return colour.lower() if a == 255 else f"rgb({r} {g} {b} / {a / 255:.3g})"


def header(tokens):
    out = ["#pragma once", f"// {NOTICE}", "", "#include <QColor>", "", "#include <array>", "",
           "namespace client::widgets {", "",
           "/// Background and initials of one avatar tint.",
           "struct AvatarTint {", "    QColor background;", "    QColor text;", "};", "",
           "/// All colours of one theme. Plain values; see Theme::tokens().",
           "struct Tokens {"]
    for name, c in tokens["colors"].items():
        out.append(f"    QColor {name}; ///< {c['use']}")
    out.append(f"    std::array<AvatarTint, {len(tokens['avatars'])}> avatars;")
    out.append("    double composerShadow = 0; ///< strength, 0-1")
    out.append("    double popoverShadow = 0;  ///< strength, 0-1")
    out += ["};", ""]
    for theme in ("light", "dark"):
        out += [f"inline Tokens {theme}Tokens()", "{", "    return {"]
        for name, c in tokens["colors"].items():
            out.append(f"        .{name} = {qcolor(c[theme])},")
        out.append("        .avatars = {{")
        for a in tokens["avatars"]:
            t = a[theme]
            out.append(f"            {{{qcolor(t['background'])}, {qcolor(t['text'])}}},")
        out.append("        }},")
        out.append(f"        .composerShadow = {tokens['shadows']['composer'][theme]},")
        out.append(f"        .popoverShadow = {tokens['shadows']['popover'][theme]},")
        out += ["    };", "}", ""]

    out += ["/// What a text is for; its size, weight and line height follow from it.",
            "enum class TextRole {"]
    out += [f"    {upper(name)}," for name in tokens["type"]]
    out += ["};", "", "/// Sizes at 100 % text scale.",
            "struct TextStyle {", "    int px;", "    int weight;", "    int line;", "    bool display;", "};", "",
            f"inline constexpr std::array<TextStyle, {len(tokens['type'])}> textStyles{{{{"]
    for t in tokens["type"].values():
        out.append(f"    {{{t['px']}, {t['weight']}, {t['line']}, {str(t.get('display', False)).lower()}}},")
    out += ["}};", ""]
    for name, family in tokens["families"].items():
        items = ", ".join(f'"{f}"' for f in family)
        out.append(f"inline constexpr std::array<const char *, {len(family)}> {name}Families{{{items}}};")
    out += ["", "/// Corner radii, heights and icon sizes in pixels at 100 %.", "namespace radius {"]
    out += [f"inline constexpr int {k} = {v};" for k, v in tokens["radii"].items()]
    out += ["}", "namespace height {"]
    out += [f"inline constexpr int {k} = {v};" for k, v in tokens["heights"].items()]
    out += ["}", "namespace icon_size {"]
    out += [f"inline constexpr int {k} = {v};" for k, v in tokens["icons"].items()]
    out += ["}", "namespace motion {"]
    out += [f"inline constexpr int {k} = {v};" for k, v in tokens["motion"].items()]
    out += ["}", "", "} // namespace client::widgets", ""]
    return "\n".join(out)


def css(tokens):
    def theme_block(theme, indent):
        lines = [f"{indent}--{n}: {css_colour(c[theme])};" for n, c in tokens["colors"].items()]
        for a in tokens["avatars"]:
            lines.append(f"{indent}--avatar-{a['name']}: {css_colour(a[theme]['background'])};")
            lines.append(f"{indent}--avatar-{a['name']}-text: {css_colour(a[theme]['text'])};")
        for name, s in tokens["shadows"].items():
            r, g, b, _ = channels(tokens["colors"]["shadow"][theme])
            lines.append(f"{indent}--shadow-{name}: 0 {s['y']}px {s['blur']}px rgb({r} {g} {b} / {s[theme]});")
        return lines

    out = [f"/* {NOTICE} */", ":root {", "  color-scheme: light;"]
    out += theme_block("light", "  ")
    for name, t in tokens["type"].items():
        out.append(f"  --text-{name}: {t['weight']} {t['px']}px/{t['line']}px var(--font);")
    families = tokens["families"]["text"] + ["system-ui", "sans-serif"] + tokens["families"]["emoji"]
    out.append("  --font: " + ", ".join(f'"{f}"' if " " in f else f for f in families) + ";")
    out += [f"  --radius-{k}: {v}px;" for k, v in tokens["radii"].items()]
    out += [f"  --height-{k}: {v}px;" for k, v in tokens["heights"].items()]
    out += [f"  --motion-{k}: {v}ms;" for k, v in tokens["motion"].items()]
    out += ["}", "@media (prefers-color-scheme: dark) {", "  :root:not([data-theme=\"light\"]) {",
            "    color-scheme: dark;"]
    out += theme_block("dark", "    ")
    out += ["  }", "}", ":root[data-theme=\"dark\"] {", "  color-scheme: dark;"]
    out += theme_block("dark", "  ")
    out += ["}", ""]
    return "\n".join(out)


def write(path, text):
    target = pathlib.Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tokens")
    parser.add_argument("--header")
    parser.add_argument("--css")
    args = parser.parse_args()
    tokens = json.loads(pathlib.Path(args.tokens).read_text(encoding="utf-8"))
    if args.header:
        write(args.header, header(tokens))
    if args.css:
        write(args.css, css(tokens))


if __name__ == "__main__":
    main()
