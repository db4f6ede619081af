#!/usr/bin/env python3
"""Holds the tree to its architecture. Fails on a wrong #include direction, a circle between components, an outside
library in the wrong room, and a construct that is kept to named places. Lists, without failing, what is long.

usage: check_structure.py BUILD/module_graph.txt [ROOT]
"""
import pathlib
import re
import subprocess
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]', re.M)
# Who may include what from outside: pattern of the header -> pattern of the files that may.
SEALED = {
    r'^Poco/': r'^(server/(platform|app)|tests)/',
    r'^(sqlite3\.h)$': r'^(server/storage|client/storage|tests)/',
    r'^(sodium\.h|openssl/|prometheus/|spdlog/|magic\.h|re2/|wslay/|date/|curl/)': r'^(server/(platform|app)|client/platform|tests)/',
    r'^gumbo\.h$': r'^(server/html|tests)/',
    r'^gmime/': r'^(server/channels/email|tests)/',
    r'^unicode/': r'^(server/channels|tests)/',
    r'^(Q[A-Z]|Qt[A-Z])': r'^(client|tests)/',
    r'^qt6keychain/': r'^client/platform/',
    r'^(mutex|shared_mutex|condition_variable|thread|atomic|future|QThread|QMutex)$':
        r'^(shared/base|server/(platform|storage|sync|transport|app)|client/(platform|storage|sync|app)|tests)/',
}
WIDGETS = re.compile(
    r'^Q(Widget|Dialog|PushButton|PlainTextEdit|TextEdit|LineEdit|\w*Layout|\w*View|Label|MainWindow|Menu|Application)$')
# Constructs kept to the places that may use them.
KEPT = {
    r'catch \(\.\.\.\)': r'^(server/(platform|sync|app|transport)|client/(sync|app)|tests)/',
    r'\bTODO\b(?!\(#\d+\))': r'^$',
    r'::instance\(\)': r'^(client|tests)/',  # Qt's own only
}
LONG = {'.h': 250, '.cpp': 500}


def modules_of(graph):
    modules = {}  # folder -> (name, names it may include)
    for line in pathlib.Path(graph).read_text().splitlines():
        name, folder, *depends = line.split()
        modules[folder] = (name, set(depends[0].split(',')) if depends else set())
    return modules


def reachable(modules):
    """What a module may include: what it names, and what those name."""
    by_name = {name: depends for name, depends in modules.values()}
    closed = {}

    def walk(name):
        if name not in closed:
            closed[name] = set()
            for dependency in by_name.get(name, ()):
                closed[name] |= {dependency} | walk(dependency)
        return closed[name]

    for name in by_name:
        walk(name)
    return closed


def in_circles(reach):
    """The components that can reach themselves."""
    found = set()
    for start in reach:
        stack, seen = list(reach[start]), set()
        while stack:
            at = stack.pop()
            if at == start:
                found.add(start)
                break
            if at not in seen:
                seen.add(at)
                stack.extend(reach.get(at, ()))
    return found


def main(graph, root):
    modules = modules_of(graph)
    allowed = reachable(modules)

    def module_of(path):
        return max((folder for folder in modules if path.startswith(folder + '/')), key=len, default=None)

    listed = subprocess.run(['git', 'ls-files', '-co', '--exclude-standard', '*.h', '*.cpp'],
                            cwd=root, capture_output=True, text=True, check=True).stdout.split()
    breaches, notes, reach = [], [], {}
    for path in listed:
        if not (root / path).exists():
            continue
        text = (root / path).read_text()
        home = module_of(path)
        stem, suffix = path.rsplit('.', 1)[0], pathlib.Path(path).suffix
        if not path.startswith('tests/') and text.count('\n') > LONG[suffix]:
            notes.append(f'{path}: {text.count(chr(10))} lines')
        for pattern, places in KEPT.items():
            if re.search(pattern, text) and not re.match(places, path):
                breaches.append(f'{path}: {pattern} is not used here')
        for name in INCLUDE.findall(text):
            for outside, places in SEALED.items():
                if re.match(outside, name) and not re.match(places, path):
                    breaches.append(f'{path}: may not include {name}')
            if '/logic/' in path and WIDGETS.match(name):
                breaches.append(f'{path}: logic may not include the widget {name}')
            target = module_of(name)
            if target:
                reach.setdefault(stem, set()).add(name.rsplit('.', 1)[0])
                if home and target != home and modules[target][0] not in allowed[modules[home][0]]:
                    breaches.append(f'{path}: {modules[home][0]} does not name {modules[target][0]} ({name})')
    for stem in reach:
        reach[stem].discard(stem)
    breaches += [f'circle: {stem} reaches itself' for stem in sorted(in_circles(reach))]
    for note in notes:
        print('long:', note)
    print('\n'.join(breaches) or f'{len(listed)} files in {len(modules)} modules: no breach')
    return 1 if breaches else 0


if __name__ == '__main__':
    top = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else pathlib.Path(__file__).resolve().parent.parent
    sys.exit(main(sys.argv[1], top))
