#!/usr/bin/env python3
"""Trains resources/frames.dict, the dictionary of the codecs 3 and 4, from made-up frames (docs/protocol.md, A.3).

usage: tools/train_dictionary.py [--out resources/frames.dict]

Needs the program zstd. The frames come from a fixed seed; no text of a person is in them. A new dictionary has
a new name, which both sides compute from its bytes: programs with another one fall back to the codecs 2 and 1.
"""
import argparse
import json
import pathlib
import random
import subprocess
import tempfile

SIZE = 32 * 1024
FRAMES = 12000

OPENINGS = ['Hello', 'Hi', 'Good morning', 'Good afternoon', 'Hey', 'Hi there', 'Hallo', 'Guten Tag', 'Bonjour', 'Hola']
WISHES = ['I have a question about my order', 'my parcel has not arrived yet', 'the invoice shows the wrong address', 'I would like to return an item',
          'can you tell me when it will be delivered', 'I was charged twice this month', 'the link in the e-mail does not work', 'I cannot sign in to my account',
          'please cancel my subscription', 'is there a discount for teams', 'the app closes when I open the settings', 'how do I change my password',
          'wann kommt meine Bestellung an', 'ich habe noch keine Rechnung bekommen', 'où est ma commande', 'necesito ayuda con mi pedido']
ANSWERS = ['Thank you for writing to us', 'I have checked your order', 'it left our warehouse yesterday and should be with you tomorrow',
           'I am sorry for the trouble', 'we have refunded the amount, it takes three to five working days', 'could you send us a screenshot',
           'I have asked my colleague and will come back to you', 'please try again in a few minutes', 'is there anything else I can do for you',
           'you can find it under Settings', 'I have changed the address on the invoice', 'vielen Dank für Ihre Nachricht', 'das tut mir leid']
NAMES = ['Ana', 'Omar', 'Sara', 'Lena', 'Tom', 'Mia', 'Jonas', 'Priya', 'Chen', 'Luca', 'Quiet Otter', 'Brave Heron', 'Early Fox']
FAMILIES = ['Ruiz', 'Haddad', 'Keller', 'Novak', 'Smith', 'Rossi', 'Sato', 'Okafor', 'Lind', 'Meyer']


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.now = 1767190000000
        self.users = [self.id() for _ in range(6)]
        self.inboxes = [self.id() for _ in range(4)]

    def id(self):
        tail = f'{self.random.getrandbits(74):019x}'
        self.now += self.random.randrange(1, 90000)
        stamp = f'{self.now:012x}'
        return f'{stamp[:8]}-{stamp[8:]}-7{tail[:3]}-{"89ab"[self.random.randrange(4)]}{tail[3:6]}-{tail[6:18]}'

    def pick(self, items):
        return self.random.choice(items)

    def chance(self, part):
        return self.random.random() < part

    def words(self, inbound):
        parts = [self.pick(OPENINGS) + (' ' + self.pick(NAMES) if self.chance(.4) else '')]
        parts += self.random.sample(WISHES if inbound else ANSWERS, self.random.randrange(1, 4))
        return ', '.join(parts) + self.pick(['.', '?', '!', '. Thanks!', f'. Number {self.random.randrange(10000, 99999)}.'])

    def message(self, conversation, n):
        inbound, kind = self.chance(.5), self.pick(['public'] * 7 + ['note', 'activity'])
        value = {'n': n, 'kind': kind, 'at': self.now, 'dir': 'in' if inbound and kind == 'public' else 'out',
                 'by': {'contact': self.id()} if inbound and kind == 'public' else {'user': self.pick(self.users)}}
        if kind == 'activity':
            value['body'] = self.pick(['status:resolved', 'status:open', 'assign:' + self.pick(self.users), 'assign:none', 'priority:high', 'created',
                                       'reopened', f'snooze:{self.now + 3600000}'])
        else:
            value['body'] = self.words(inbound)
        if self.chance(.05):
            value['att'] = [{'id': self.id(), 'name': self.pick(['photo.jpg', 'invoice.pdf', 'screen.png']), 'size': self.random.randrange(1000, 900000),
                             'mime': self.pick(['image/jpeg', 'application/pdf', 'image/png']), 'w': 1280, 'h': 720, 'thumb': True}]
        return value

    def conversation(self, n):
        value = {'num': self.random.randrange(1, 90000), 'inbox': self.pick(self.inboxes), 'contact': self.id(), 'last_n': n,
                 'status': self.pick(['open'] * 5 + ['resolved', 'pending', 'snoozed']), 'priority': self.pick(['none'] * 5 + ['low', 'medium', 'high', 'urgent']),
                 'created_at': self.now - self.random.randrange(10**8), 'last_at': self.now, 'cust_n': max(1, n - 1), 'agent_n': n, 'agent_read_n': n,
                 'preview': self.words(self.chance(.5))[:120], 'preview_by': self.pick(['in', 'out'])}
        if self.chance(.6):
            value['assignee'] = self.pick(self.users)
        if self.chance(.4):
            value['waiting_since'] = self.now - 60000
        if value['status'] == 'snoozed':
            value['snoozed_until'] = self.now + 3600000
        return value

    def contact(self):
        first, last = self.pick(NAMES), self.pick(FAMILIES)
        value = {'num': self.random.randrange(1, 90000), 'name': f'{first} {last}', 'created_at': self.now, 'last_at': self.now}
        if self.chance(.7):
            value['email'] = f'{first}.{last}@example.com'.lower().replace(' ', '.')
        if self.chance(.3):
            value |= {'page': 'https://www.example.com/pricing', 'city': 'Berlin', 'country': 'DE', 'phone': '+49301234567', 'company': 'Example GmbH'}
        return value

    def change(self, scope, kind, ident, seq, parent=None, value=None, sv=None, op=None):
        text = f'{{"s":{scope},"t":"{kind}","id":"{ident}","q":{seq}'
        if op:
            return text + f',"o":"{op}"}}'
        if parent:
            text += f',"p":"{parent}"'
        if sv is not None:
            text += f',"sv":{sv}'
        return text + ',"v":' + compact(value) + '}'

    def delta(self):
        seq, changes, first = self.random.randrange(1000, 900000), [], 0
        first = seq
        for _ in range(self.pick([1, 1, 1, 1, 2, 3])):
            conversation, n, scope = self.id(), self.random.randrange(1, 60), self.random.randrange(3, 9)
            what = self.random.random()
            seq += 1
            if what < .62:
                changes.append(self.change(scope, 'message', self.id(), seq, conversation, self.message(conversation, n)))
                seq += 1
            if what < .8:
                changes.append(self.change(scope, 'conversation', conversation, seq, None, self.conversation(n), self.random.randrange(1, seq)))
            elif what < .86:
                changes.append(self.change(2, 'contact', self.id(), seq, None, self.contact()))
            elif what < .92:
                changes.append(self.change(scope, 'mstate', self.id(), seq, conversation, {'st': self.pick(['sent', 'delivered', 'read']), 'at': self.now}))
            elif what < .97:
                changes.append(self.change(1, 'cread', conversation, seq, conversation, {'read_n': n}))
            else:
                changes.append(self.change(scope, 'conversation', conversation, seq, op='x'))
        return f'{{"k":"d","from":{first},"to":{seq},"more":false,"left":0,"ch":[{",".join(changes)}]}}'

    def mutations(self):
        conversation, n = self.id(), self.random.randrange(1, 5000)
        items = []
        for step in range(self.pick([1, 1, 1, 2])):
            item = {'n': n + step, 'mid': self.id(), 'lane': 'cv:' + conversation, 'at': self.now, 'q_age': 0,
                    'see': {'n': self.random.randrange(1, 60), 'q': self.random.randrange(1000, 900000)}}
            if step == 0 and self.chance(.7):
                item |= {'op': 'message.create', 'a': {'conv': conversation, 'kind': self.pick(['public', 'public', 'note']), 'body': self.words(False)}}
            else:
                item |= {'op': 'conversation.status', 'after': n, 'a': {'conv': conversation, 'to': self.pick(['resolved', 'open'])}}
            items.append(item)
        return compact({'k': 'mut', 'i': items})

    def receipts(self):
        n = self.random.randrange(1, 5000)
        return compact({'k': 'res', 'r': [{'n': n + i, 'st': self.pick(['ok', 'ok', 'ok', 'held', 'rejected']), 'seq': self.random.randrange(1000, 900000)}
                                          for i in range(self.random.randrange(2, 9))]})

    def frame(self):
        what = self.random.random()
        return self.delta() if what < .82 else self.mutations() if what < .94 else self.receipts()


def compact(value):
    return json.dumps(value, sort_keys=True, separators=(',', ':'), ensure_ascii=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--out', default=str(pathlib.Path(__file__).parent.parent / 'resources/frames.dict'))
    options = parser.parse_args()
    maker = Maker(17)
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for at in range(FRAMES):
            path = pathlib.Path(folder, f'{at:05}')
            path.write_text(maker.frame())
            names.append(str(path))
        pathlib.Path(folder, 'list').write_text('\n'.join(names) + '\n')
        subprocess.run(['zstd', '--train', '--filelist', folder + '/list', f'--maxdict={SIZE}', '--dictID=1', '-T1', '-q', '-f', '-o', options.out], check=True)


if __name__ == '__main__':
    main()
