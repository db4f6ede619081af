#!/usr/bin/python3
"""Sees and drives a desktop program as an assistive technology does: through the AT-SPI tree, and with real keys.

Reads one JSON command a line from standard input and answers with one JSON line:
  {"do":"wait","name":TEXT,"role":ROLE?,"seconds":S}   until something whose accessible name contains TEXT is there
  {"do":"names","role":ROLE?}                          names of everything shown
  {"do":"text","name":TEXT}                            text of an editable
  {"do":"focus","name":TEXT,"role":ROLE?}              gives it the keyboard focus
  {"do":"press","name":TEXT,"role":ROLE?}              its default action
  {"do":"tree"}                                        the whole tree, for looking at
Keys are sent by xdotool, from the caller.
"""
import json
import sys
import time

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402

application = sys.argv[1]
LIMIT = 4000  # nodes looked at in one walk


def roots():
    desktop = Atspi.get_desktop(0)
    for i in range(desktop.get_child_count()):
        child = desktop.get_child_at_index(i)
        if child is not None and application in (child.get_name() or '').lower():
            yield child


def walk():
    stack, seen = list(roots()), 0
    while stack and seen < LIMIT:
        node = stack.pop()
        seen += 1
        try:
            node.clear_cache()
            yield node
            count = min(node.get_child_count(), 400)
            stack.extend(child for child in (node.get_child_at_index(i) for i in reversed(range(count))) if child)
        except GLib.Error:
            continue  # it went away while we looked


def find(name, role=None):
    for node in walk():
        try:
            if name in (node.get_name() or '') and (role is None or node.get_role_name().endswith(role)):
                return node
        except GLib.Error:
            continue
    return None


def wait(command):
    end = time.monotonic() + command.get('seconds', 20)
    while time.monotonic() < end:
        node = find(command['name'], command.get('role'))
        if node is not None:
            return {'found': node.get_name(), 'role': node.get_role_name()}
        time.sleep(0.1)
    return {'error': f"nothing named {command['name']!r} appeared", 'names': names({})['names'][:200]}


def names(command):
    role = command.get('role')
    found = []
    for node in walk():
        try:
            if node.get_name() and (role is None or node.get_role_name() == role):
                found.append(node.get_name())
        except GLib.Error:
            continue
    return {'names': found}


def text(command):
    node = find(command['name'])
    if node is None:
        return {'error': 'not there'}
    iface = node.get_text_iface()
    return {'text': Atspi.Text.get_text(iface, 0, Atspi.Text.get_character_count(iface)) if iface else ''}


def focus(command):
    node = find(command['name'], command.get('role'))
    if node is None:
        return {'error': 'not there'}
    return {'ok': bool(node.get_component_iface() and Atspi.Component.grab_focus(node))}


def press(command):
    node = find(command['name'], command.get('role'))
    if node is None:
        return {'error': 'not there'}
    for i in range(Atspi.Action.get_n_actions(node)):
        if Atspi.Action.get_action_name(node, i).lower() in ('press', 'click', 'toggle'):
            return {'ok': Atspi.Action.do_action(node, i)}
    return {'error': 'it has no action'}


def tree(command):
    lines = []

    def show(node, depth):
        if depth > 14 or len(lines) > 1500:
            return
        try:
            lines.append('  ' * depth + node.get_role_name() + ' ' + json.dumps(node.get_name() or ''))
            for i in range(min(node.get_child_count(), 200)):
                child = node.get_child_at_index(i)
                if child:
                    show(child, depth + 1)
        except GLib.Error:
            return

    for root in roots():
        show(root, 0)
    return {'tree': '\n'.join(lines)}


commands = {'wait': wait, 'names': names, 'text': text, 'focus': focus, 'press': press, 'tree': tree}
for line in sys.stdin:
    try:
        command = json.loads(line)
        answer = commands[command['do']](command)
    except (GLib.Error, KeyError, ValueError) as error:
        answer = {'error': repr(error)}
    print(json.dumps(answer), flush=True)
