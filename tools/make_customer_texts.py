#!/usr/bin/env python3
"""Writes what the server itself says to customers, in all their languages, as a C++ header.

usage: make_customer_texts.py TEXTS_JSON HEADER

Every language must have exactly the texts that English has.
"""
import json
import pathlib
import sys

NOTICE = "Generated from resources/customer_texts.json by tools/make_customer_texts.py; change it there."


def camel(key):
    return "".join(word.capitalize() for word in key.split("_"))


def header(texts):
    keys = list(texts["en"])
    for language, own in texts.items():
        if list(own) != keys or not all(isinstance(text, str) and text for text in own.values()):
            sys.exit(f"{language}: not the texts that English has, in its order")
    out = ["#pragma once", f"// {NOTICE}", "", "#include <array>", "#include <string_view>", "",
           "namespace server::conversations {", "", "enum class CustomerText {"]
    out += [f"    {camel(key)}," for key in keys]
    out += ["};", "", "struct CustomerTexts {", "    std::string_view language;",
            f"    std::array<std::string_view, {len(keys)}> texts; ///< by CustomerText", "};", "",
            f"inline constexpr std::array<CustomerTexts, {len(texts)}> customerTextTable{{{{"]
    for language, own in sorted(texts.items()):
        out.append(f'    {{"{language}",')
        out.append("     {{" + ",\n       ".join(json.dumps(own[key], ensure_ascii=False) for key in keys) + "}}},")
    out += ["}};", "", "} // namespace server::conversations", ""]
    return "\n".join(out)


def main():
    source, target = map(pathlib.Path, sys.argv[1:3])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(header(json.loads(source.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main()
