"""The structure check finds each kind of breach in a tree made to have it, and nothing in a clean one."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).resolve().parents[2] / 'tools' / 'check_structure.py'
GRAPH = ('shared_base shared/base \nserver_sync server/sync shared_base\nserver_platform server/platform shared_base\n'
         'client_contacts_logic client/features/contacts/logic shared_base\n')


def run(files):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        subprocess.run(['git', 'init', '-q', folder], check=True)
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        (root / 'graph.txt').write_text(GRAPH)
        result = subprocess.run([sys.executable, str(CHECK), str(root / 'graph.txt'), folder],
                                capture_output=True, text=True)
        return result.returncode, result.stdout


class Structure(unittest.TestCase):
    def refused(self, files, words):
        code, out = run(files)
        self.assertEqual(code, 1, out)
        self.assertIn(words, out)

    def test_clean_tree_passes(self):
        code, out = run({'shared/base/id.h': '', 'server/sync/log.cpp': '#include "shared/base/id.h"\n'})
        self.assertEqual(code, 0, out)

    def test_wrong_direction(self):
        self.refused({'server/sync/log.h': '', 'shared/base/id.cpp': '#include "server/sync/log.h"\n'},
                     'shared_base does not name server_sync')

    def test_sideways(self):
        self.refused({'server/sync/log.h': '', 'server/platform/http.cpp': '#include "server/sync/log.h"\n'},
                     'server_platform does not name server_sync')

    def test_circle(self):
        self.refused({'shared/base/a.h': '#include "shared/base/b.h"\n', 'shared/base/b.h': '#include "shared/base/a.h"\n'},
                     'circle: ')

    def test_library_in_the_wrong_room(self):
        self.refused({'server/sync/log.cpp': '#include <Poco/Net/Socket.h>\n'}, 'may not include Poco/Net/Socket.h')
        self.refused({'shared/base/a.cpp': '#include <QString>\n'}, 'may not include QString')

    def test_widget_in_logic(self):
        self.refused({'client/features/contacts/logic/contact_model.cpp': '#include <QWidget>\n'}, 'logic may not include')

    def test_constructs(self):
        self.refused({'shared/base/a.cpp': 'void f() { try {} catch (...) {} }\n'}, 'catch')
        self.refused({'shared/base/a.cpp': '// TODO later\n'}, 'TODO')


if __name__ == '__main__':
    unittest.main()
